import { IocError } from '../kernel/index.ts';
import type { Slave } from './bus.ts';
import type { Plant } from './plant.ts';
import type { TcpServer } from './server.ts';

/** What can be made to go wrong in a simulated plant while it runs. */
export class Faults {
  readonly #plant: Plant;
  readonly #server: TcpServer;
  #silent = false;

  constructor(plant: Plant, server: TcpServer) {
    this.#plant = plant;
    this.#server = server;
  }

  /** Nothing is answered or sent, while TCP stays up. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Sets a slave's state byte, by its name: 8 is OP (facts/ads.md section 6). */
  setSlaveState(name: string, state: number): void {
    this.#slave(name).state = state;
  }

  /** Sets a slave's link byte, by its name: 0 is good. */
  setSlaveLink(name: string, link: number): void {
    this.#slave(name).link = link;
  }

  /** Adds CRC errors to port 0 (A) to 3 (D) of a slave. */
  addCrcErrors(name: string, port: number, count: number): void {
    const { crc } = this.#slave(name);
    crc[port] = (crc[port] ?? 0) + count;
  }

  /** Sets the EtherCAT state of a master, by the device's id. */
  setMasterState(deviceId: number, state: number): void {
    const bus = this.#plant.buses.find(({ facts }) => facts.id === deviceId);
    if (bus === undefined) throw unknown(`device ${deviceId}`);
    bus.state = state;
  }

  /** Sets the ADS state of the system. */
  setSystemState(adsState: number): void {
    this.#plant.adsState = adsState;
  }

  /** Stops answering and sending, until `answerAgain`. */
  stopAnswering(): void {
    this.#silent = true;
  }

  answerAgain(): void {
    this.#silent = false;
  }

  /** Cuts every TCP connection. */
  disconnectAll(): void {
    this.#server.disconnectAll();
  }

  /** Refuses new connections, until `listenAgain`. */
  stopListening(): void {
    this.#server.stopListening();
  }

  /** Accepts connections again, at the port that it had. */
  async listenAgain(): Promise<void> {
    await this.#server.listen();
  }

  #slave(name: string): Slave {
    for (const bus of this.#plant.buses) {
      const found = bus.slaves.find(({ facts }) => facts.name === name);
      if (found !== undefined) return found;
    }
    throw unknown(`slave "${name}"`);
  }
}

function unknown(what: string): IocError {
  return new IocError('simulator/no-target', `The simulated plant has no ${what} to break`);
}
