// What JupyterLab's renderer and the site's pages load as one module, page.js.

export { darkChanges, isDarkPage } from './figure/dark';
export { putSettings, settingAt } from './figure/settings';
export { watchMarksOfPanel } from './marks/lab-marks';
export { watchMarksOfPage } from './marks/site-marks';
