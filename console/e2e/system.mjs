// The running system that a story is played on: where it is, who may do what, and the machines that nobody clicks for.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export class System {
  static async at(folder) {
    const state = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'));
    const token = async (name) => (await readFile(join(folder, `${name}.token`), 'ascii')).trim();
    const system = new System();
    system.state = state;
    system.console = process.env['INTERLOCK_CONSOLE'] ?? state.services.console;
    system.lab = state.lab;
    system.tokens = { pat: await token('operator'), alex: await token('approver'), vera: await token('viewer'), admin: await token('admin') };
    return system;
  }

  /** What a machine does: agents report, sessions are asked for. */
  async api(path, { method = 'GET', body, text, type = 'application/json', as = 'admin', ok = true } = {}) {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(new URL(path, this.console), {
      method,
      headers: { Authorization: `Bearer ${this.tokens[as]}`, ...(sent === undefined ? {} : { 'Content-Type': type }) },
      body: sent,
    });
    const said = await response.text();
    const answer = said ? JSON.parse(said) : null;
    if (ok && !response.ok) throw new Error(`${method} ${path}: ${response.status} ${said}`);
    return ok ? answer : { status: response.status, body: answer };
  }

  async inLab(path, { method = 'GET', body } = {}) {
    const response = await fetch(new URL(path, this.lab), { method, body: body === undefined ? undefined : JSON.stringify(body) });
    if (!response.ok) throw new Error(`lab ${method} ${path}: ${response.status} ${await response.text()}`);
    return response.text();
  }

  break(host, kind, value) {
    return this.inLab(`/hosts/${host}/faults`, { method: 'POST', body: { kind, value } });
  }

  heal(host) {
    return this.inLab(`/hosts/${host}/faults`, { method: 'DELETE' });
  }

  async effects() {
    return JSON.parse(await this.inLab('/effects'));
  }
}

/** Waits for a condition, not for a time; says what it waited for when it does not come. */
export async function until(what, condition, { seconds = 120, every = 250 } = {}) {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const found = await condition();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  throw new Error(`In ${seconds} s it did not come: ${what}`);
}
