/** Whether messages can be published on it (MQTT 3.1.1, section 4.7.3); a broker ends who tries others. */
export function isTopic(topic: string): boolean {
  return topic.length > 0 && topic.length <= 16_384 && !/[+#\0]/.test(topic);
}
