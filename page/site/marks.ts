// Marks of statements, whose cards lie over the page.
import { watchMarksOfPage } from '../marks/site-marks';

watchMarksOfPage(document.querySelector('main')!);
