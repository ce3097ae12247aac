/**
 * What becomes of the samples between two batches: the newest counts; their mean, least or largest;
 * or each change is processed, in order, with its own time.
 */
export const samplePolicies = ['last', 'mean', 'min', 'max', 'every'] as const;
export type SamplePolicy = (typeof samplePolicies)[number];
