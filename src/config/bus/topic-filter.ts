import { z } from 'zod';

/** Topics by a filter: `+` is any level, `#` all that follow. */
export const topicFilter = z
  .string()
  .regex(
    /^(?=.)(#|(\+|[^+#/\0]*)(\/(\+|[^+#/\0]*))*(\/#)?)$/,
    'must be a topic filter, such as te/# or te/+/+/cmd',
  );
