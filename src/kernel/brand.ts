declare const mark: unique symbol;

/** A primitive that only one checking function may make; costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly [mark]: Name };
