import type { Envelope } from "./envelope.ts";

/** What the next READ would meet. */
export type NextBlock =
  | { readonly kind: "none" | "plain"; readonly objectNumber: number }
  | { readonly kind: "sealed"; readonly objectNumber: number; readonly envelope: Envelope };
