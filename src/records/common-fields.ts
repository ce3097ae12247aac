import { statePrefixes } from './states.ts';

/**
 * Fields of every record (facts/ca.md section 11.1, notation of `fieldTable`). TIME, of no type in
 * EPICS, is text here: the ISO form of the time stamp.
 */
export const commonFields = `
  NAME:STRING(61) ro; DESC:STRING(41); ASG:STRING(29); SCAN:MENU(menuScan); PINI:MENU(menuPini);
  PHAS:SHORT; EVNT:STRING(40); TSE:SHORT; TSEL:INLINK; DTYP:DEVICE; DISV:SHORT =1; DISA:SHORT;
  SDIS:INLINK; DISP:UCHAR; PROC:UCHAR pp; STAT:MENU(menuAlarmStat) ro =UDF;
  SEVR:MENU(menuAlarmSevr) ro; AMSG:STRING(40) ro; NSTA:MENU(menuAlarmStat) ro;
  NSEV:MENU(menuAlarmSevr) ro; NAMSG:STRING(40) ro; ACKS:MENU(menuAlarmSevr) ro;
  ACKT:MENU(menuYesNo) ro =YES; DISS:MENU(menuAlarmSevr); LCNT:UCHAR ro; PACT:UCHAR ro;
  PUTF:UCHAR ro; RPRO:UCHAR ro; PRIO:MENU(menuPriority); TPRO:UCHAR; UDF:UCHAR pp =1;
  UDFS:MENU(menuAlarmSevr) =INVALID; TIME:STRING(40) ro; UTAG:UINT64 ro; FLNK:FWDLINK;
  RTYP:STRING(40) ro`;

/** Simulation fields of every type here but for SIML, SIOL and SIMM's menu. */
export const simulationFields = `
  SIML:INLINK; SIMS:MENU(menuAlarmSevr); OLDSIMM:MENU(menuSimm) ro; SSCN:MENU(menuScan) =65535;
  SDLY:DOUBLE =-1.0`;

/** Value, name and severity of each state of mbbi and mbbo. */
export const stateFields = statePrefixes
  .map(
    (state) => `${state}VL:ULONG pp; ${state}ST:STRING(26) pp; ${state}SV:MENU(menuAlarmSevr) pp`,
  )
  .join(';');
