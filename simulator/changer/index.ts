export { addressOf, contentOf, elementAt, type ElementPlace, placeAt, type Where, withContent } from "./elements.ts";
export {
  closeDoor, closeMailDoor, elementOf, freeGripper, insertMagazine, jamGripper, leaveInPicker, magazineCount, moveByHand, openDoor, openMailDoor,
  removeMagazine, setLabel,
} from "./hands.ts";
export { openChangerUnit } from "./unit.ts";
