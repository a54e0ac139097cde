import { afterEach, describe, expect, it } from "vitest";
import { defaultTarget } from "../../../simulator/index.ts";
import { iscsi } from "../../../src/scsi/index.ts";
import { identity, type LoginAnswer, type RawInitiator } from "./raw-initiator.ts";
import { rawSetting, releaseRawSettings } from "./raw-setting.ts";

const { loginStatus, stage } = iscsi;
const secret = Buffer.from("a secret for tests");
const ownSecret = Buffer.from("another secret for tests");
const chap = { user: "backup", secret, own: { user: "library", secret: ownSecret } };
const security = { currentStage: stage.security, nextStage: stage.operational };

afterEach(releaseRawSettings);

describe("the login at our target", () => {
  it("answers every key by its rule, and those that are none", async () => {
    const raw = (await rawSetting()).dial();
    const offers: readonly iscsi.Pair[] = [
      ["HeaderDigest", "CRC32C,None"], ["DataDigest", "None,CRC32C"], ["MaxConnections", "8"], ["InitialR2T", "No"], ["ImmediateData", "Yes"],
      ["MaxRecvDataSegmentLength", "262144"], ["MaxBurstLength", "1048576"], ["FirstBurstLength", "65536"], ["DefaultTime2Wait", "0"], ["DefaultTime2Retain", "30"],
      ["MaxOutstandingR2T", "64"], ["DataPDUInOrder", "No"], ["DataSequenceInOrder", "No"], ["ErrorRecoveryLevel", "2"], ["iSCSIProtocolLevel", "2"],
      ["TaskReporting", "FastAbort,RFC3720"], ["IFMarker", "No"], ["OFMarkInt", "2048~8192"], ["X-org.example.Hint", "1"], ["InitiatorAlias", "somebody"],
    ];
    const { status, keys, tsih } = await raw.login({}, [...identity, ...offers]);
    expect(status).toBe(loginStatus.success);
    expect(tsih).toBeGreaterThan(0);
    expect(Object.fromEntries(keys)).toEqual({
      TargetAlias: "a library", TargetPortalGroupTag: "1", MaxRecvDataSegmentLength: "1048576",
      HeaderDigest: "CRC32C", DataDigest: "None", MaxConnections: "1", InitialR2T: "No", ImmediateData: "Yes", MaxBurstLength: "1048576", FirstBurstLength: "65536",
      DefaultTime2Wait: "2", DefaultTime2Retain: "0", MaxOutstandingR2T: "8", DataPDUInOrder: "Yes", DataSequenceInOrder: "Yes", ErrorRecoveryLevel: "0",
      iSCSIProtocolLevel: "1", TaskReporting: "RFC3720", IFMarker: "Reject", OFMarkInt: "Reject", "X-org.example.Hint": "NotUnderstood",
    });
  });

  it("calls irrelevant what is, and rejects values that are none", async () => {
    const setting = await rawSetting();
    const one = await setting.dial().login({}, [...identity, ["InitialR2T", "Yes"], ["ImmediateData", "No"], ["FirstBurstLength", "4096"], ["MaxBurstLength", "17"]]);
    expect(one.status).toBe(loginStatus.success);
    expect(one.keys.get("FirstBurstLength")).toBe("Irrelevant");
    expect(one.keys.get("MaxBurstLength")).toBe("Reject");
    const discovery = await setting.dial().login({}, [["InitiatorName", "iqn.2026-11.test:raw"], ["SessionType", "Discovery"], ["InitialR2T", "No"], ["MaxConnections", "1"]]);
    expect(discovery.status).toBe(loginStatus.success);
    expect([discovery.keys.get("InitialR2T"), discovery.keys.get("MaxConnections"), discovery.keys.get("TargetPortalGroupTag")]).toEqual(["Irrelevant", "Irrelevant", undefined]);
  });

  const name = ["InitiatorName", "iqn.2026-11.test:raw"] as const;
  const target = ["TargetName", defaultTarget] as const;
  it.each<[string, Partial<iscsi.LoginRequest>, readonly iscsi.Pair[] | Uint8Array, number]>([
    ["without a name", {}, [target], loginStatus.missingParameter],
    ["with a name that is none", {}, [["InitiatorName", "me"], target], loginStatus.initiatorError],
    ["without a target", {}, [name], loginStatus.missingParameter],
    ["to a target that is not there", {}, [name, ["TargetName", "iqn.2026-11.test:none"]], loginStatus.targetMissing],
    ["for a session of another kind", {}, [name, target, ["SessionType", "Party"]], loginStatus.sessionTypeNotSupported],
    ["in a newer version only", { versionMin: 1, versionMax: 1 }, [name, target], loginStatus.unsupportedVersion],
    ["to a session that is not there", { tsih: 77 }, [name, target], loginStatus.sessionMissing],
    ["from a stage that is none", { currentStage: 2 }, [name, target], loginStatus.initiatorError],
    ["to a stage that is behind", { currentStage: 1, nextStage: 0 }, [name, target], loginStatus.initiatorError],
    ["that goes on and ends at once", { more: true }, [name, target], loginStatus.initiatorError],
    ["that speaks of a key twice", {}, [name, target, ["InitialR2T", "No"], ["InitialR2T", "No"]], loginStatus.initiatorError],
    ["whose text is none", {}, Uint8Array.of(0xff, 0xfe, 0x00), loginStatus.initiatorError],
    ["whose text has no values", {}, Buffer.from("InitiatorName\0"), loginStatus.initiatorError],
    ["that knows a method we have not", security, [name, target, ["AuthMethod", "KRB5"]], loginStatus.authenticationFailed],
    ["with more keys than anybody has", {}, [name, target, ...Array.from({ length: 200 }, (_, at) => [`X-${String(at)}`, "1"] as const)], loginStatus.initiatorError],
  ])("is refused %s", async (_what, values, pairs, status) => {
    const raw = (await rawSetting()).dial();
    expect((await raw.login(values, pairs)).status).toBe(status);
    expect(await raw.next()).toBeUndefined();
  });

  it("goes through both stages, and takes a text in pieces", async () => {
    const raw = (await rawSetting()).dial();
    const first = await raw.login(security, [name, target, ["AuthMethod", "CHAP,None"]]);
    expect(first).toMatchObject({ status: 0, transit: true, nextStage: stage.operational });
    expect(first.keys.get("AuthMethod")).toBe("None");
    const piece = await raw.login({ transit: false, more: true }, Buffer.from("InitialR2"));
    expect(piece).toMatchObject({ status: 0, transit: false, tsih: 0 });
    const last = await raw.login({}, Buffer.from("T=Yes\0"));
    expect(last).toMatchObject({ status: 0, transit: true });
    expect(last.keys.get("InitialR2T")).toBe("Yes");
  });

  it("does not change its mind about stages or names", async () => {
    const setting = await rawSetting();
    const [one, other] = [setting.dial(), setting.dial()];
    await one.login(security, identity);
    expect((await one.login(security, [])).status).toBe(loginStatus.invalidDuringLogin);
    await other.login(security, identity);
    expect((await other.login({ isid: Uint8Array.of(1, 1, 1, 1, 1, 1) }, [])).status).toBe(loginStatus.invalidDuringLogin);
  });

  it("ends when it goes on for ever, or is none at all", async () => {
    const setting = await rawSetting();
    const [one, other, third] = [setting.dial(), setting.dial(), setting.dial()];
    let status = 0;
    for (let turn = 0; status === 0 && turn < 100; turn += 1) status = (await one.login({ transit: false }, turn === 0 ? identity : [])).status;
    expect(status).toBe(loginStatus.initiatorError);
    other.command(5, [0]);
    expect(await other.next()).toBeUndefined();
    third.raw(Buffer.alloc(4096, 0xff));
    expect(await third.next()).toBeUndefined();
  });

  it("ends when nothing comes, and leaves no connection behind", async () => {
    const setting = await rawSetting({ limits: { loginMs: 20, connections: 1 } });
    const raw = setting.dial();
    expect(await raw.next()).toBeUndefined();
    await setting.dial().closed;
  });

  it("hangs up on more connections than it takes", async () => {
    const setting = await rawSetting({ limits: { connections: 1 } });
    const raw = setting.dial();
    await raw.enter();
    expect(await setting.dial().next()).toBeUndefined();
    raw.command(1, [0]);
    expect((await raw.response()).status).toBe(0);
  });

  it("insists on digests where they are required", async () => {
    const setting = await rawSetting({ digests: "required" });
    expect((await setting.dial().login({}, identity)).status).toBe(loginStatus.initiatorError);
    const raw = setting.dial();
    await raw.enter([["HeaderDigest", "CRC32C"], ["DataDigest", "CRC32C"]]);
    raw.command(1, [0]);
    expect((await raw.response()).status).toBe(0);
  });

  const challenged = async (raw: RawInitiator): Promise<LoginAnswer> => {
    expect((await raw.login({ ...security, transit: false }, [...identity, ["AuthMethod", "CHAP"]])).keys.get("AuthMethod")).toBe("CHAP");
    return await raw.login({ ...security, transit: false }, [["CHAP_A", "5"]]);
  };
  const respond = (answer: LoginAnswer, key: Uint8Array): string => {
    const challenge = iscsi.decodeBinary(answer.keys.get("CHAP_C")!, 1024)!;
    return iscsi.encodeBinary(iscsi.chapResponse(iscsi.chapAlgorithms[1], Number(answer.keys.get("CHAP_I")), key, challenge));
  };

  it("lets in who knows the secret, and proves itself where asked", async () => {
    const raw = (await rawSetting({ chap })).dial();
    const answer = await challenged(raw);
    const mine = Buffer.from("a challenge of the initiator");
    const end = await raw.login(security, [
      ["CHAP_N", "backup"], ["CHAP_R", respond(answer, secret)], ["CHAP_I", "7"], ["CHAP_C", iscsi.encodeBinary(mine)],
    ]);
    expect(end).toMatchObject({ status: 0, transit: true });
    expect(end.keys.get("CHAP_N")).toBe("library");
    expect(end.keys.get("CHAP_R")).toBe(iscsi.encodeBinary(iscsi.chapResponse(iscsi.chapAlgorithms[1], 7, ownSecret, mine)));
    expect((await raw.login({}, [])).status).toBe(loginStatus.success);
  });

  it("turns away who does not know it, hands the challenge back, or goes round it", async () => {
    const setting = await rawSetting({ chap });
    const one = setting.dial();
    expect((await one.login(security, [["CHAP_N", "backup"], ["CHAP_R", respond(await challenged(one), ownSecret)]])).status).toBe(loginStatus.authenticationFailed);
    const two = setting.dial();
    const answer = await challenged(two);
    const back = [["CHAP_I", answer.keys.get("CHAP_I")!], ["CHAP_C", answer.keys.get("CHAP_C")!]] as const;
    expect((await two.login(security, [["CHAP_N", "backup"], ["CHAP_R", respond(answer, secret)], ...back])).status).toBe(loginStatus.authenticationFailed);
    expect((await setting.dial().login({}, identity)).status).toBe(loginStatus.authenticationFailed);
    expect((await setting.dial().login(security, identity)).status).toBe(loginStatus.authenticationFailed);
    expect((await setting.dial().login(security, [...identity, ["AuthMethod", "None"]])).status).toBe(loginStatus.authenticationFailed);
    const six = setting.dial();
    await challenged(six);
    expect((await six.login(security, [["CHAP_N", "backup"]])).status).toBe(loginStatus.authenticationFailed);
    expect(setting.port.seen).toEqual([]);
  });
});
