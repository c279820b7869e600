export { call, onEvent, pathForFile } from './bridge';
export { appOnlineHost, dryRun, writePlan } from './online-host';
export { workspaceFiles, workspaceUrl } from './workspace-files';
