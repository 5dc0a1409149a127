// gradlab's code for the browser. JupyterLab's renderer and the site's pages load it as one module, page.js.

export { Chips, chipsIn, withChipsRoom } from './chips';
export { darkChanges, isDarkPage } from './dark';
export { drawNames } from './descent-look';
export { watchMarksOfPanel } from './lab-marks';
export { livePlayerOf, withOwnControls } from './live-figures';
export { addButton, newRow, rowHeight, say, wantsCalm, withRoomBelow } from './row';
export { putSettings, settingAt, settingsIn, withSettingsRow } from './settings';
export { watchMarksOfPage } from './site-marks';
export { clearedPen, isHidden, viewOf, whenRendered } from './space';
