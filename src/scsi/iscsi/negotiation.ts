import { keys, type KeyRule, obsoleteKeys } from "./keys.ts";

/** A decimal or hexadecimal number of at most 64 bits as keys write it (RFC 7143, 6.1); undefined when it is none or too large to be exact. */
export function numericValue(value: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15}|0[xX][0-9a-fA-F]{1,13})$/.test(value)) return undefined;
  const parsed = Number(value);
  return Number.isSafeInteger(parsed) ? parsed : undefined;
}

/** The value of a key that nobody spoke of; undefined for names and for unknown keys. */
export function initialValue(key: string): string | undefined {
  const rule = keys[key];
  return rule === undefined || rule.rule === "text" ? undefined : rule.initial;
}

/** Whether the value could be said by either side. */
export function isWellFormed(key: string, value: string): boolean {
  const rule = keys[key];
  return rule !== undefined && fits(rule, value);
}

function fits(rule: KeyRule, value: string): boolean {
  switch (rule.rule) {
    case "list":
      return value !== "" && value.split(",").every((item) => /^[\w.+-]{1,64}$/.test(item));
    case "or":
    case "and":
      return value === "Yes" || value === "No";
    case "text":
      return true;
    default: {
      const parsed = numericValue(value);
      return parsed !== undefined && parsed >= rule.from && parsed <= rule.to;
    }
  }
}

/**
 * What a responder answers to an offer, where `own` is what it would like itself: the outcome that both sides then use. For declared
 * keys that is its own declaration. `Reject` where nothing can be agreed, `NotUnderstood` for unknown keys.
 */
export function answerTo(key: string, offered: string, own: string): string {
  if (obsoleteKeys.includes(key)) return "Reject";
  const rule = keys[key];
  if (rule === undefined) return "NotUnderstood";
  if (!fits(rule, offered)) return "Reject";
  switch (rule.rule) {
    case "list": {
      const mine = own.split(",");
      return offered.split(",").find((item) => mine.includes(item)) ?? "Reject";
    }
    case "or":
      return offered === "Yes" || own === "Yes" ? "Yes" : "No";
    case "and":
      return offered === "Yes" && own === "Yes" ? "Yes" : "No";
    case "min":
      return String(Math.min(numericValue(offered)!, numericValue(own)!));
    case "max":
      return String(Math.max(numericValue(offered)!, numericValue(own)!));
    default:
      return own;
  }
}

/**
 * Whether an answer is one that the rule allows for our offer: what both sides use from then on (RFC 7143, 6.2). A responder may
 * answer a number with its own wish when that already is the outcome.
 */
export function isOutcome(key: string, offered: string, answered: string): boolean {
  const rule = keys[key];
  if (rule === undefined || !fits(rule, answered)) return false;
  switch (rule.rule) {
    case "list":
      return offered.split(",").includes(answered);
    case "or":
      return answered === "Yes" || offered === "No";
    case "and":
      return answered === "No" || offered === "Yes";
    case "min":
      return numericValue(answered)! <= numericValue(offered)!;
    case "max":
      return numericValue(answered)! >= numericValue(offered)!;
    default:
      return true;
  }
}
