export { type ByteRange, estimatedOrder, estimatedWindingMs } from "./estimated.ts";
export { geometryOfDensity, type TapeGeometry } from "./geometry.ts";
export { askAccessOrder, hasAccessOrder, type TapeRange } from "./recommended.ts";
