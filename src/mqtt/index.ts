export { type BrokerPlace, brokerPlace } from './broker-place.ts';
export { type BrokerTls, openBroker, tlsOptions } from './broker-stream.ts';
