export { accessCommands } from './access/access-commands.ts';
export type { AccessView } from './access/access-view.ts';
export { autosaveCommands } from './autosave/autosave-commands.ts';
export type {
  AutosaveControl,
  AutosaveSettings,
  NamedSet,
} from './autosave/autosave-control.ts';
export type { Command, Lines } from './command.ts';
export { CommandTable } from './command-table.ts';
export { shellCommands } from './commands/shell-commands.ts';
export { Complaint } from './complaint.ts';
export type { RecordNames } from './completion.ts';
export { Console, type SessionEnd, type Terminal } from './console.ts';
export { controlCommands } from './control/control-commands.ts';
export type { IocControl } from './control/ioc-control.ts';
export { engineCommands } from './engine/engine-commands.ts';
export { linkKind } from './engine/link-commands.ts';
export { Environment, type Variables } from './environment.ts';
export { plantCommands } from './plants/plant-commands.ts';
export type { PlantNode, PlantView } from './plants/plant-view.ts';
export { putLogCommands } from './put-log/put-log-commands.ts';
export type { PutLogControl, PutLogFormat } from './put-log/put-log-control.ts';
export { recordCommands } from './records/record-commands.ts';
export type { ListedRecord, RecordsView } from './records/records-view.ts';
export type { OnError } from './script.ts';
export { type ServerSource, serverCommands } from './servers/server-commands.ts';
export type { ServerView } from './servers/server-view.ts';
export type { Shell } from './shell.ts';
export { type ConsoleSocket, serveConsole } from './socket.ts';
export { StreamOutput } from './stream-output.ts';
