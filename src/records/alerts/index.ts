export { openAlerts } from "./alerts.ts";
export { type Acknowledgement, acknowledgementsKept, type AlertRecords } from "./contract.ts";
