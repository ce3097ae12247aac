export { type IocConfig, loadConfig } from './config/index.ts';
export { type Ioc, type IocMeans, startIoc } from './ioc.ts';
export { createLog, type Log } from './kernel/index.ts';
export type { PlantAddress } from './plant-address.ts';
