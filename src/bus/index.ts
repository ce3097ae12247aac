export { Bridge, type BridgeMeans } from './bridge/bridge.ts';
export { type MosquittoRemote, mosquittoBridge } from './bridge/mosquitto-config.ts';
export type { BridgeCounters, BridgeOptions, BridgeRule } from './bridge/options.ts';
export { type BrokerMeans, type EmbeddedBroker, openBroker } from './broker/embedded-broker.ts';
export type {
  BrokerCertificates,
  BrokerCounters,
  BrokerLimits,
  BrokerListener,
  BrokerOptions,
  BrokerRights,
  BrokerUser,
} from './broker/options.ts';
export {
  type CommandCounters,
  type CommandMeans,
  type CommandRules,
  serveCommands,
} from './commands/command-server.ts';
export { inputOf } from './commands/input.ts';
export type { Json, JsonObject } from './commands/json.ts';
export {
  type CommandContext,
  CommandFailure,
  type Guard,
  leftToNext,
  type Operation,
  type Settlement,
} from './commands/operation.ts';
export {
  type PlantOperationMeans,
  plantOperations,
} from './commands/operations/plant-operations.ts';
export { type AllowRule, type PermitRules, type Permits, permits } from './commands/permits.ts';
export type { CoeObjectFacts, CoePlaceOf, PlantAccess } from './commands/plant-access.ts';
export { type BusClient, PvClient } from './commands/pv-client.ts';
export type { ConvertRule, ConvertType, WriteRule } from './converter/convert-rule.ts';
export type { ConverterCounters } from './converter/counters.ts';
export { MqttDevices } from './converter/mqtt-devices.ts';
export { parseMqttAddress } from './converter/parse-address.ts';
export type { RuleRecord } from './converter/rule-record.ts';
export { type RuleMeans, serveRules } from './converter/rule-table.ts';
export { serveWriteRules, type WriteMeans } from './converter/write-rules.ts';
export { bytesContent, textContent } from './files/content.ts';
export { FileClient, type FileClientOptions } from './files/file-client.ts';
export { FILES_PATH, fileService } from './files/file-service.ts';
export { FileStore } from './files/file-store.ts';
export { allowing } from './files/hosts.ts';
export { configSnapshot } from './files/operations/config-snapshot.ts';
export type { ConfigFile, ConfigType } from './files/operations/config-type.ts';
export { configUpdate } from './files/operations/config-update.ts';
export type { LogLine, LogSource } from './files/operations/log-source.ts';
export { logUpload } from './files/operations/log-upload.ts';
export { type SoftwareModule, softwareList } from './files/operations/software-list.ts';
export { RecordedLink } from './files/recorded-link.ts';
export { tarGz } from './files/tar.ts';
export { FileTransfer } from './files/transfer.ts';
export { type HttpServer, type Route, serveHttp } from './http/server.ts';
export type { MqttBusLink } from './link/mqtt-bus-link.ts';
export { openBusLink } from './link/open-bus-link.ts';
export type { BusBroker, BusLinkOptions, OutboxBounds } from './link/options.ts';
export type { Drops } from './link/outbox.ts';
export { BusState, type LinkStatus } from './link/status.ts';
export type { BusLink, Connected, Receiver } from './link.ts';
export type { Delivery, Publication, Received } from './message.ts';
export type {
  NodeAttribute,
  NodeIdentity,
  PlantNode,
  PlantNodes,
  ServedNodes,
} from './node.ts';
export type {
  HomeAssistantOptions,
  PvProfileOptions,
  PvRule,
  PvSetOptions,
} from './profiles/pv/options.ts';
export {
  type PvProfile,
  type PvProfileMeans,
  pvWill,
  servePvProfile,
} from './profiles/pv/profile.ts';
export type { DataType } from './profiles/thin-edge/data-type.ts';
export { type Entities, type EntityRules, entitiesOf } from './profiles/thin-edge/entities.ts';
export type { Entity, EntityAttribute, EntityKind } from './profiles/thin-edge/entity.ts';
export { type EntityBook, keepEntities } from './profiles/thin-edge/entity-book.ts';
export { Health, healthWill } from './profiles/thin-edge/health.ts';
export type { ThinEdgeOptions } from './profiles/thin-edge/options.ts';
export {
  type Introduced,
  type ServedThinEdge,
  serveThinEdge,
  type ThinEdgeMeans,
} from './profiles/thin-edge/thin-edge.ts';
export type { IocFacts } from './profiles/thin-edge/twin.ts';
export { EntityRegistry } from './registry/entity-registry.ts';
export { entityService } from './registry/entity-service.ts';
export { replaceFile } from './replaced-file.ts';
