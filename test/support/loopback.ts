/** The environment of a server on loopback: its port, nobody else's beacons, no history file. */
export function loopback(port: number): Readonly<Record<string, string>> {
  return {
    EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1',
    EPICS_CAS_BEACON_ADDR_LIST: '127.0.0.1',
    EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_CAS_SERVER_PORT: String(port),
    EPICS_IOCSH_HISTFILE: '',
  };
}
