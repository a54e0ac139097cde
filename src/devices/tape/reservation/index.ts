export { reservationKey, type ReservationOwner } from "./key.ts";
export { reserveTransport, type ReservationState } from "./reserved-transport.ts";
