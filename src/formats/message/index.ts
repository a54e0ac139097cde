/*
 * The OpenPGP message that is a segment: its packets and their bulk encryption. A room of its own beside keys and signatures, because the threads that
 * seal and open need nothing else, and loading everything that keys need would cost each of them a quarter of a second.
 */
export type { BulkCipher, SealedMessage, SealingParameters, SegmentOpener, SegmentSealer } from "./contract.ts";
export type { Lanes, OpenLanes } from "./lanes.ts";
export { createSegmentOpener } from "./opener.ts";
export { messageDamaged, type PacketBody, PacketReader, skippedBody } from "./packet-reader.ts";
export { definiteLength, packetTypes, typeOctet } from "./packets.ts";
export { createSegmentSealer } from "./sealer.ts";
