import { available, createLanes, createPortableLanes, type LaneInput, type Lanes } from "bulk-seal";

export type { LaneInput, Lanes };

/** How the lanes of a message are made: native where the processor can, node:crypto elsewhere. Both give the same bytes. */
export type OpenLanes = (key: Uint8Array) => Lanes;

export const openLanes: OpenLanes = available ? createLanes : createPortableLanes;
