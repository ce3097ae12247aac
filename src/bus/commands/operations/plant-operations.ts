import type { Operation } from '../operation.ts';
import type { PlantAccess } from '../plant-access.ts';
import { coeRead, coeWrite } from './coe.ts';
import { ecatResetCounters } from './ecat-reset-counters.ts';
import { ecatSetState } from './ecat-set-state.ts';
import { epicsGet } from './epics-get.ts';
import { epicsPut, type PutMeans } from './epics-put.ts';
import { type RestartMeans, restart } from './restart.ts';

/** What the operations on PVs, plants and the IOC itself work with. */
export interface PlantOperationMeans extends PutMeans, RestartMeans {
  readonly plants: PlantAccess;
}

/** The operations on PVs, plants and the IOC itself. */
export function plantOperations(means: PlantOperationMeans): readonly Operation[] {
  const { client, plants } = means;
  return [
    epicsGet(client),
    epicsPut(means),
    ecatSetState(means),
    ecatResetCounters(client),
    coeRead(plants),
    coeWrite(means),
    restart(means),
  ];
}
