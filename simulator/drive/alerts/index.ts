export { DriveAlerts } from "./drive-alerts.ts";
export {
  applyTest, changeableExceptions, ExceptionReports, type ExceptionSettings, exceptionsPage, mayCarryReport, readExceptionsPage, usualExceptions,
} from "./exceptions.ts";
export { alertFlags, flagCount } from "./flags.ts";
export { noticeOutcome } from "./noticing.ts";
