/** Takes a report line by line, as it is found. */
export type Print = (line: string) => void;
