/** Where a command is: `te/device/main/service/ioc/cmd/epics_get/17`. */
export interface CommandName {
  /** Four levels: `device/main/service/ioc`. */
  readonly topicId: string;
  readonly operation: string;
  /** The asker's, free but for the characters of topics. */
  readonly id: string;
}

/** Levels of a topic id. */
const ENTITY_LEVELS = 4;

/** Longest id of a command. */
const LONGEST_ID = 256;

/** The command that a topic below `root` is of; undefined of other topics. */
export function commandName(root: string, topic: string): CommandName | undefined {
  if (!topic.startsWith(`${root}/`)) return undefined;
  const levels = topic.slice(root.length + 1).split('/');
  const [word, operation = '', id = ''] = levels.slice(ENTITY_LEVELS);
  if (levels.length !== ENTITY_LEVELS + 3 || word !== 'cmd') return undefined;
  if (operation === '' || id === '' || id.length > LONGEST_ID) return undefined;
  if (/\p{Cc}/u.test(id)) return undefined;
  return { topicId: levels.slice(0, ENTITY_LEVELS).join('/'), operation, id };
}

/** Where the commands of an operation come, whomever they are for. */
export function commandFilter(root: string, operation: string): string {
  return `${root}/+/+/+/+/cmd/${operation}/+`;
}

/** Where an entity says that it can be asked for an operation. */
export function capabilityTopic(root: string, topicId: string, operation: string): string {
  return `${root}/${topicId}/cmd/${operation}`;
}
