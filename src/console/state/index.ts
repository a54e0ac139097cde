export { type Listing, mostMarked, type Opening, type TreePlace } from "./tree.ts";
export { type Batch, type Exchange, type Fate, mostListed } from "./exchange.ts";
export type { AppliancePicture, Check, LibraryPicture } from "./appliance.ts";
export { type Answers, type BellState, type ConsoleState, initialState, type Losses, type Notice, type Overlay, partsOfKeys, type Place, type Task, viewIds, type ViewId } from "./contract.ts";
export { type Memo, remembered } from "./memo.ts";
