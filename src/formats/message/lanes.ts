import {
  available,
  createLanes,
  createOcb,
  createPortableLanes,
  createPortableOcb,
  type LaneInput,
  type Lanes,
  type OcbEncryptor,
} from "bulk-seal";

export type { LaneInput, Lanes, OcbEncryptor };

/** How the lanes of a message are made: native where the processor can, node:crypto elsewhere. Both give the same bytes. */
export type OpenLanes = (key: Uint8Array) => Lanes;

export const openLanes: OpenLanes = available ? createLanes : createPortableLanes;

export const openOcb: (key: Uint8Array) => OcbEncryptor = available ? createOcb : createPortableOcb;
