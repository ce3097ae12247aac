export type { PutOutcome, PutRequest, PvValue, Refusal } from './put.ts';
