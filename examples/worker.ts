/*
 * A worker in another language: joins the runs of a Pipeline server over MCP, beside the workers that ship with it.
 *
 *   npm install @modelcontextprotocol/sdk tsx
 *   npx tsx worker.ts http://127.0.0.1:8787 --workspace film --capabilities probe,x-credits
 *
 * It claims steps of the capabilities that it offers, renews the claim in the background, takes a lock on what it writes, names its
 * claim and the lock's token in the write, and reports. Killed at any moment it loses nothing: the step is handed out again when its
 * lease ends. Ctrl-C finishes the step in hand. PIPELINE_KEY is sent as the API key.
 *
 * probe      built in: looks at an asset and says how long it is
 * x-credits  free (every name that begins with x- is): writes inputs.lines as a text to inputs.output
 *
 * A step for it in a plan: {"id": "credits", "capability": "x-credits", "inputs": {"lines": ["made by"], "output": "film/credits.txt"}}
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";

type Json = Record<string, any>;
type Step = { run_id: string; step_id: string; workspace: string; capability: string; generation: number; inputs: Json };
type Report = { outputs: Json; metrics?: Json };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { workspace: { type: "string" }, capabilities: { type: "string", default: "probe,x-credits" }, agent: { type: "string", default: `worker-ts-${process.pid}` } },
});
const url = new URL("/mcp", positionals[0] ?? process.env.PIPELINE_URL ?? "http://127.0.0.1:8787");
const key = process.env.PIPELINE_KEY;
const agent = values.agent!;
const leaseSeconds = 30;
let stopping = false;
process.once("SIGINT", () => (stopping = true));
process.once("SIGTERM", () => (stopping = true));

class Refused extends Error {
  constructor(readonly code: string, message: string, readonly retryAfterSeconds?: number) {
    super(message);
  }
}

const client = new Client({ name: agent, version: "1.0.0" });
await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: key ? { Authorization: `Bearer ${key}` } : {} } }));

/** Calls a tool. A refusal is an error with the server's own code. */
async function call(tool: string, args: Json): Promise<Json> {
  const result = await client.callTool({ name: tool, arguments: args }, undefined, { timeout: 60_000 });
  const body = (result.structuredContent ?? {}) as Json;
  if (result.isError) throw new Refused(body.code ?? "tool_failed", body.message ?? JSON.stringify(result.content), body.retry_after_seconds);
  return body;
}

/** The same for what changes something: in this agent's name, under a key that is the same whenever the same is meant. */
const change = (tool: string, args: Json, intent: string) => call(tool, { ...args, agent, idempotency_key: intent });

const claimOf = (step: Step) => ({ run_id: step.run_id, step_id: step.step_id, generation: step.generation });
const intentOf = (step: Step, purpose: string) => `${step.run_id}/${step.step_id}/${step.generation}/${purpose}`;

/** Writes under a lock of its own, which is released whatever happens. */
async function underLock(step: Step, asset: string, write: (terms: Json) => Promise<Json>): Promise<Json> {
  const lock = await change("acquire_lock", { asset, ttl_seconds: leaseSeconds, wait_seconds: 20, purpose: step.capability }, intentOf(step, "lock"));
  try {
    return await write({ lock_token: lock.token, claim: claimOf(step) });
  } finally {
    await change("release_lock", { lock_id: lock.lock_id }, intentOf(step, "unlock"));
  }
}

const crafts: Record<string, (step: Step) => Promise<Report>> = {
  async probe(step) {
    const found = await call("probe_media", { asset: step.inputs.asset });
    const video = found.streams.find((stream: Json) => stream.kind === "video");
    const audio = found.streams.find((stream: Json) => stream.kind === "audio");
    return {
      outputs: { duration_seconds: found.duration_seconds, width: video?.width, height: video?.height, has_audio: !!audio, has_video: !!video },
      metrics: { duration_seconds: found.duration_seconds },
    };
  },
  async "x-credits"(step) {
    const text = (step.inputs.lines as string[]).join("\n") + "\n";
    const put = await underLock(step, step.inputs.output, (terms) => change("put_asset", { asset: step.inputs.output, text, ...terms }, intentOf(step, "put")));
    return { outputs: { asset: `${put.asset}@${put.version}` }, metrics: { lines: step.inputs.lines.length } };
  },
};

async function work(step: Step): Promise<void> {
  const renewal = setInterval(() => {
    change("renew_step", { ...claimOf(step), lease_seconds: leaseSeconds }, randomUUID()).catch(() => clearInterval(renewal));
  }, (leaseSeconds * 1000) / 3);
  try {
    const report = await crafts[step.capability](step);
    await change("complete_step", { ...claimOf(step), ...report }, intentOf(step, "done"));
    console.error(`${agent} done ${step.step_id}`);
  } catch (wrong) {
    // The claim is another's now: whatever was made here is not wanted any more.
    if (wrong instanceof Refused && wrong.code === "superseded") return;
    const refused = wrong instanceof Refused ? wrong : new Refused("worker_failed", String(wrong));
    const error = { code: refused.code, message: refused.message, retry_after_seconds: refused.retryAfterSeconds };
    await change("fail_step", { ...claimOf(step), error, retryable: true }, intentOf(step, "failed"));
    console.error(`${agent} failed ${step.step_id}: ${refused.code}: ${refused.message}`);
  } finally {
    clearInterval(renewal);
  }
}

const capabilities = values.capabilities!.split(",").filter((name) => name in crafts);
console.error(`${agent} offers ${capabilities.join(", ")} at ${url}`);
while (!stopping) {
  try {
    const { step } = await change("claim_step", { workspace: values.workspace, capabilities, wait_seconds: 5, lease_seconds: leaseSeconds }, randomUUID());
    if (step) await work(step as Step);
  } catch (wrong) {
    // No workspace yet, or no server for a moment.
    console.error(`${agent}: ${wrong instanceof Error ? wrong.message : wrong}`);
    await new Promise((rest) => setTimeout(rest, 1_000));
  }
}

await client.close();
