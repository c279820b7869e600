export { call, onEvent, pathForFile } from './bridge';
export { appOnlineHost, difference, dryRun, inspect, writePlan } from './online-host';
export { workspaceFiles, workspaceUrl } from './workspace-files';
