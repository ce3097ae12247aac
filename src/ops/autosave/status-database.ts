import { STATUS_SETS } from './status-pvs.ts';

/**
 * The status records of the C module's save_restoreStatus.db as database text, with the macro P for
 * their prefix and DEAD_SECONDS for how long a missing heartbeat is excused.
 */
export function autosaveStatusDatabase(): string {
  const sets = Array.from({ length: STATUS_SETS }, (_, index) => setRecords(index));
  return [common, statusRecord('SR_status'), statusRecord('SR_rebootStatus'), ...sets].join('');
}

const common = `
record(bo,"$(P)SR_heartbeat") { field(ZNAM,"0") field(ONAM,"1") field(FLNK,"$(P)SR_i_am_alive") }
record(bo,"$(P)SR_i_am_alive") {
  field(DOL,"1") field(ZNAM,"0") field(ONAM,"1") field(OUT,"$(P)SR_deadIfZero PP")
}
record(bo,"$(P)SR_deadIfZero") { field(ZNAM,"0") field(ONAM,"1") field(HIGH,"$(DEAD_SECONDS=300)") }
record(stringout,"$(P)SR_statusStr") { field(VAL,"Status unknown") }
record(stringout,"$(P)SR_recentlyStr") { field(VAL,"Status unknown") }
record(stringout,"$(P)SR_rebootStatusStr") { field(VAL,"Status unknown") }
record(stringout,"$(P)SR_rebootTime") { field(VAL,"Not yet saved") }
record(longout,"$(P)SR_disableMaxSecs") {}
record(bo,"$(P)SR_disable") { field(ZNAM,"Enable") field(ONAM,"Disable") }
`;

function statusRecord(name: string): string {
  return `record(mbbo,"$(P)${name}") {
  field(ZRVL,0) field(ONVL,1) field(TWVL,2) field(THVL,3) field(FRVL,4)
  field(ZRST,"No Status") field(ONST,"Failure") field(TWST,"Warning")
  field(THST,"Seq Fail") field(FRST,"Ok")
  field(ONSV,MAJOR) field(TWSV,MINOR) field(THSV,MAJOR)
}
`;
}

function setRecords(index: number): string {
  const name = `SR_${index}_`;
  return `record(stringout,"$(P)${name}Name") { field(VAL,"Not In Use") }
record(longout,"$(P)${name}State") { field(DESC,"Save method of set ${index}") }
record(mbbi,"$(P)${name}StateEnum") {
  field(DESC,"Save method of set ${index}") field(DTYP,"Raw Soft Channel")
  field(INP,"$(P)${name}State CP")
  field(ZRVL,0) field(ONVL,1) field(TWVL,2) field(THVL,4) field(FRVL,12) field(FVVL,16)
  field(ZRST,"None") field(ONST,"Periodic") field(TWST,"Triggered")
  field(THST,"Timer") field(FRST,"Monitored") field(FVST,"Manual")
}
${statusRecord(`${name}Status`)}record(stringout,"$(P)${name}StatusStr") { field(VAL,"Status unknown") }
record(stringout,"$(P)${name}Time") { field(VAL,"Not yet saved") }
`;
}
