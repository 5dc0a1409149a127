// What JupyterLab's renderer loads as one module, page.js.

export { darkChanges, isDarkPage } from './figure/dark';
export { putSettings, settingAt } from './figure/settings';
export { watchMarksOfPanel } from './marks/lab-marks';
