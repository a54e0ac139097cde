export { access, type Access } from "./access.ts";
export { Reservations } from "./reservations.ts";
