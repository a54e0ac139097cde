export { emptyFrame } from "./frame.ts";
export { createZstdFramer, type ZstdFramer, type ZstdFraming } from "./framer.ts";
export { createZstdUnframer, type ZstdUnframer, type ZstdUnframing } from "./unframer.ts";
