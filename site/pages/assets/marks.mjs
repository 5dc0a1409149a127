// Marks of statements, whose cards lie over the page.
import { watchMarksOfPage } from '../../extensions/gradlab-plotly/static/page.js';

watchMarksOfPage(document.querySelector('main'));
