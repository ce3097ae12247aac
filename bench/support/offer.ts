/** What a bench process can be asked to do, by name. */
export type Operations = Record<string, (given: never) => unknown>;

export type Call = { readonly id: number; readonly operation: string; readonly given: unknown };
export type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string };

/** Does what the parent asks, until the parent goes; then so does this process. */
export function offer(operations: Operations): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (call: Call) => void answer(operations, call));
}

async function answer(operations: Operations, { id, operation, given }: Call): Promise<void> {
  const send = (answer: Answer) => process.send?.(answer);
  try {
    send({ id, result: await operations[operation]?.(given as never) });
  } catch (error) {
    send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
