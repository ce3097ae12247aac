export { exchangeBytes, readBytes, subscribe, unsubscribe, writeBytes } from './access.ts';
export { AdsError, AdsErrorCode } from './ads-error.ts';
export { AdsState } from './ads-state.ts';
export {
  type AmsAddress,
  type AmsNetId,
  type AmsPort,
  amsAddress,
  amsNetId,
  amsPort,
  formatAddress,
  localNetId,
  netIdBytes,
  Port,
} from './ams.ts';
export {
  AMS_HEADER,
  type AmsHeader,
  amsHeader,
  CommandId,
  REQUEST_FLAGS,
  RESPONSE_FLAGS,
  StateFlag,
} from './ams-header.ts';
export { AdsClient, type AdsClientOptions, type Notification } from './client.ts';
export { type AdsResult, type Command, formatPlace } from './command.ts';
export {
  addNotification,
  type NotificationRequest,
  TransmissionMode,
} from './commands/add-notification.ts';
export { deleteNotification } from './commands/delete-notification.ts';
export {
  deviceNotification,
  type NotificationSample,
  type NotificationStamp,
} from './commands/device-notification.ts';
export { type DataAnswer, type Place, read } from './commands/read.ts';
export { type DeviceInfo, readDeviceInfo } from './commands/read-device-info.ts';
export { readState, type ServerState } from './commands/read-state.ts';
export { type ReadWriteRequest, readWrite } from './commands/read-write.ts';
export { type WriteRequest, write } from './commands/write.ts';
export { type WriteControlRequest, writeControl } from './commands/write-control.ts';
export { type AdsConnectOptions, connectAds } from './connect.ts';
export type { AdsCounters } from './counters.ts';
export { AdsDataType } from './data-type.ts';
export {
  type DataTypeEntry,
  DataTypeFlag,
  dataTypeEntry,
  type EnumMember,
  type TypeAttribute,
} from './data-type-entry.ts';
export { decodeDataTypes, uploadDataTypes } from './data-type-table.ts';
export type { ArrayDimension } from './entry-text.ts';
export { adsErrorText } from './error-code.ts';
export { IndexGroup } from './index-group.ts';
export type { InvokeOptions, Invoker, Lane } from './lane.ts';
export { type NotificationSink, scanNotifications } from './notification.ts';
export {
  AMS_TCP_HEADER,
  amsTcpRule,
  decodePacket,
  encodePacket,
  MAX_PACKET,
  type PacketHead,
  toTcp,
} from './packet.ts';
export {
  ROUTER_ANSWER,
  ROUTER_UDP_PORT,
  type RouterDatagram,
  RouterService,
  RouterTag,
  routerDatagram,
  type TaggedBytes,
} from './router/datagram.ts';
export { discoverRouter, type RouterIdentity } from './router/discover.ts';
export type { RouterOptions } from './router/exchange.ts';
export { addRoute, deleteRoute, type Route } from './router/route.ts';
export {
  formatOsVersion,
  netIdTag,
  type OsVersion,
  osVersion,
  statusTag,
  type TwinCatVersion,
  taggedStatus,
  taggedText,
  taggedValue,
  textTag,
  twinCatVersion,
} from './router/tags.ts';
export {
  type SumBytes,
  type SumHandle,
  sumAddAnswer,
  sumAddRequest,
  sumReadAnswer,
  sumReadRequest,
  sumReadWriteAnswer,
  sumReadWriteRequest,
  sumWords,
  sumWriteRequest,
} from './sum/codecs.ts';
export {
  type SumLimits,
  sumAddNotifications,
  sumDeleteNotifications,
  sumRead,
  sumReadWrite,
  sumWrite,
} from './sum/sum.ts';
export { type AdsSymbol, SymbolFlag, symbolEntry } from './symbol-entry.ts';
export {
  acquireSymbol,
  readSymbolVersion,
  releaseSymbol,
} from './symbol-handle.ts';
export { decodeSymbols, readUploadInfo, uploadSymbols } from './symbol-table.ts';
export type { UploadOptions } from './table-read.ts';
export type { MqttService } from './transport/mqtt.ts';
export type { MqttConfig, MqttPsk, MqttQos } from './transport/mqtt-link.ts';
export {
  openTransport,
  type TcpConfig,
  type TransportConfig,
  type TransportMeans,
} from './transport/open.ts';
export { formatPeerInfo, type PeerInfo, parsePeerInfo } from './transport/peer-info.ts';
export type { Peer } from './transport/peers.ts';
export { AMS_TCP_PORT, openTcp, type TcpOptions } from './transport/tcp.ts';
export type {
  PacketSink,
  Transport,
  TransportCounters,
  TransportEnd,
} from './transport/transport.ts';
export { type UploadInfo, uploadInfo } from './upload-info.ts';
