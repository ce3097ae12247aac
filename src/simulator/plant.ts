import { AdsState, type ServerState } from '../ads/index.ts';
import type { Chain } from '../model/index.ts';
import { Bus } from './bus.ts';
import { Image } from './image.ts';
import { type Definitions, type Layout, layoutOf } from './layout.ts';
import { Result, refused } from './refusal.ts';
import { SymbolNames } from './symbol-names.ts';

/** Everything that the simulated servers share: the memory, the buses and the system's state. */
export class Plant {
  readonly chain: Chain;
  readonly layout: Layout;
  readonly image: Image;
  readonly names: SymbolNames;
  readonly buses: readonly Bus[];
  /** Of the system, as port 300 and the symbol server say it; an `AdsState`. */
  adsState: number = AdsState.run;

  constructor(chain: Chain, definitions: Definitions) {
    this.chain = chain;
    this.layout = layoutOf(chain, definitions);
    this.image = new Image(this.layout.sizes);
    this.names = new SymbolNames(this.layout, this.image);
    this.buses = chain.devices.map((device) => new Bus(device, definitions));
  }

  get state(): ServerState {
    return { adsState: this.adsState, deviceState: 0 };
  }

  /** WriteControl: a reset or start leads to run, a reconfiguration to config. */
  control(adsState: number): void {
    const reached = reachedBy[adsState];
    if (reached === undefined) throw refused(Result.invalidState);
    this.adsState = reached;
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
