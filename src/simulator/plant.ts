import { AdsState, type ServerState } from '../ads/index.ts';
import type { Chain } from '../model/index.ts';
import type { Bus } from './bus.ts';
import { type Configuration, canary, configured, moved, reconfigured } from './configuration.ts';
import type { Image } from './image.ts';
import type { Definitions, Layout } from './layout.ts';
import { Plc } from './plc.ts';
import { Result, refused } from './refusal.ts';
import { SymbolHandles } from './symbol-handles.ts';
import type { SymbolNames } from './symbol-names.ts';

/** What the symbol port answers while the system is in CONFIG: AMS error 6, or result 0x707. */
export type ConfigAnswer = 'no-port' | 'not-ready';

/** Everything that the simulated servers share: the memory, the buses and the system's state. */
export class Plant {
  readonly definitions: Definitions;
  readonly symbolHandles: SymbolHandles;
  readonly plc: Plc | undefined;
  /** Of the system, as port 300 and the symbol server say it; an `AdsState`. */
  adsState: number = AdsState.run;
  configAnswer: ConfigAnswer = 'no-port';
  #configuration: Configuration;
  #epoch = 0;
  #life = 0;
  #version = 1;
  #changes = 0;

  constructor(chain: Chain, definitions: Definitions, frames = 1) {
    this.definitions = definitions;
    this.#configuration = configured(chain, definitions, frames);
    this.symbolHandles = new SymbolHandles(this.#configuration.names);
    this.plc = chain.plc && new Plc(chain.plc, () => void this.#epoch++);
  }

  /** Another object after each change of symbols or terminals. */
  get configuration(): Configuration {
    return this.#configuration;
  }

  get chain(): Chain {
    return this.#configuration.chain;
  }

  get layout(): Layout {
    return this.#configuration.layout;
  }

  get image(): Image {
    return this.#configuration.image;
  }

  get names(): SymbolNames {
    return this.#configuration.names;
  }

  get buses(): readonly Bus[] {
    return this.#configuration.buses;
  }

  /** Rises whenever notifications must be looked at again, because symbols moved. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Rises whenever the servers of the plant go and come: no notification survives that. */
  get life(): number {
    return this.#life;
  }

  /** The symbol version: one byte that changes with each download (facts/ads.md section 7). */
  get version(): number {
    return this.#version;
  }

  get state(): ServerState {
    return { adsState: this.adsState, deviceState: 0 };
  }

  /** Whether the symbol server is there. */
  get running(): boolean {
    return this.adsState !== AdsState.config;
  }

  /** WriteControl: a reset or start leads to run, a reconfiguration to config. */
  control(adsState: number): void {
    const reached = reachedBy[adsState];
    if (reached === undefined) throw refused(Result.invalidState);
    if (reached === AdsState.config) this.enterConfig();
    else this.adsState = reached;
  }

  /** CONFIG: the symbol server goes, with all its handles; it comes back with run. */
  enterConfig(answer: ConfigAnswer = this.configAnswer): void {
    this.adsState = AdsState.config;
    this.configAnswer = answer;
    this.#forget();
  }

  /** TwinCAT begins anew: no handle survives. */
  restart(): void {
    this.adsState = AdsState.run;
    this.#forget();
  }

  /** An online change: symbols from those of a slave on move, their handles are invalid. */
  move(slave: string): void {
    const change = this.#changes++;
    this.#configuration = moved(this.#configuration, this.definitions, { slave, change });
    this.#download();
  }

  /** Other terminals; all symbols may have moved. */
  reconfigure(chain: Chain): void {
    this.#configuration = reconfigured(this.#configuration, chain, this.definitions);
    this.#download();
  }

  /** Bytes that nothing may write to. */
  canary(): Uint8Array {
    return canary(this.#configuration);
  }

  #download(): void {
    this.#version = (this.#version % 255) + 1;
    this.#epoch++;
    this.symbolHandles.invalidate(this.names);
  }

  #forget(): void {
    this.#life++;
    this.symbolHandles.forget();
    this.plc?.forget();
  }
}

const reachedBy: Readonly<Record<number, AdsState>> = {
  [AdsState.run]: AdsState.run,
  [AdsState.reset]: AdsState.run,
  [AdsState.start]: AdsState.run,
  [AdsState.stop]: AdsState.stop,
  [AdsState.config]: AdsState.config,
  [AdsState.reconfig]: AdsState.config,
};
