"""For benchmarks that drive the whole product: an Interlock of their own with the lab, gone at the end, also after Ctrl-C."""
import contextlib, json, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, urllib.error, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "console/e2e"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Failure(Exception):
    """Something that a benchmark cannot go on after, in a sentence."""


class Interrupted(BaseException):
    def __init__(self, number):
        self.exit = 128 + number


class Interrupts:
    """Ctrl-C and its like end the work once, never the clearing up, and never between a process and the note of it."""

    def __init__(self):
        self.held, self.heard, self.over = 0, None, False
        for number in SIGNALS:
            signal.signal(number, self._hear)

    def _hear(self, number, _frame):
        self.heard = self.heard or number
        if not self.held:
            self._end()

    def _end(self):
        if not self.over:
            self.over = True
            print("Stopping what was started …", file=sys.stderr)
            raise Interrupted(self.heard)

    @contextlib.contextmanager
    def later(self):
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1
        if self.heard and not self.held:
            self._end()


interrupts = Interrupts()


def start(command, **how):
    """A process in a session of its own: Ctrl-C reaches it through us, in the right order."""
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, start_new_session=True, **how)


def end(process, patience=30):
    """With what it started in the same session."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def run(what, command, limit, **how):
    """Answers the exit code. Nothing of it is left, whatever ends it; limit in seconds."""
    process = None
    try:
        with interrupts.later():
            process = start(command, **how)
        return process.wait(limit)
    except subprocess.TimeoutExpired as late:
        raise Failure(f"{what} was not at its end after {limit} s") from late
    finally:
        if process:
            with interrupts.later():
                end(process)


def require_browser():
    """Node.js, Chromium and what the browser's scripts are made with."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            raise Failure(f"{program} is not on the PATH: install Node.js 20.19 or newer (https://nodejs.org).")
    if not (SCRIPTS / "node_modules").is_dir():
        print("Installing what the browser's scripts need (npm ci)", file=sys.stderr)
        if run("npm ci", ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], 600, cwd=SCRIPTS, stdout=sys.stderr):
            raise Failure("npm ci failed in console/e2e, see above. Is the npm registry reachable?")
    look = "import('./browser.mjs').then(({ chromiumPath }) => process.exit(chromiumPath() ? 0 : 3))"
    if subprocess.run(["node", "-e", look], cwd=SCRIPTS).returncode:
        raise Failure("There is no Chromium: install it (Debian: apt install chromium), or name it in CHROMIUM.")


class Standalone:
    """What `./interlock up --with-lab` starts, at free ports, on a new data folder. Builds first if something changed.

    `keep` is the folder in which the logs stay if it fails, or `failed` is set."""

    def __init__(self, *options, keep=None):
        self.options = options
        self.keep, self.failed = keep, False
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="interlock-bench-"))
        self.data = self.folder / "data"
        self.up = None
        self.seconds = None

    def __enter__(self):
        try:
            command = [ROOT / "interlock", "up", "--data", self.data, "--port-base", "0", "--with-lab", "--throw-away", *self.options]
            with open(self.folder / "up.log", "w") as log, interrupts.later():
                self.up = start(command, stdout=log)
            if self.up.wait():
                raise Failure("`interlock up` failed; its words are above.")
            # without the build that it may have begun with
            self.seconds = float(re.search(r"ready after ([\d.]+) s", (self.folder / "up.log").read_text())[1])
            self._require_page()
            return self
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise

    def _require_page(self):
        try:
            with urllib.request.urlopen(json.loads((self.data / "state.json").read_text())["services"]["console"], timeout=30):
                pass
        except urllib.error.HTTPError as answer:
            raise Failure(f"The console has no page: {answer.read().decode()[:300]}") from answer

    def _processes(self):
        try:
            return {name: it["pid"] for name, it in json.loads((self.data / "state.json").read_text())["processes"].items()}
        except (OSError, ValueError, KeyError):
            return {}

    def _stop(self):
        """Answers what still lives afterwards: nothing should."""
        if self.up is None:
            return []
        end(self.up, 100)  # not ready yet, perhaps building
        processes = self._processes()
        with open(self.folder / "down.log", "w") as log:
            start([ROOT / "interlock", "down", "--data", self.data], stdout=log).wait()
        return [f"{name} ({pid})" for name, pid in processes.items() if lives(pid)]

    def __exit__(self, kind, *_):
        with interrupts.later():
            left = self._stop()
            if self.keep and (self.failed or left or kind is Failure):
                self._keep()
            shutil.rmtree(self.folder, ignore_errors=True)
        if left and kind is None:
            raise Failure(f"still running after `interlock down`: {', '.join(left)}")

    def _keep(self):
        """The logs, the browser's pictures and what the scripts said, for whoever looks for the reason."""
        self.keep.mkdir(parents=True)
        for file in self.folder.glob("*.log"):
            shutil.copy(file, self.keep)
        for source, name in ((self.folder / "out", "pictures"), (self.data / "logs", "logs")):
            if source.is_dir():
                shutil.copytree(source, self.keep / name)


def lives(pid):
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")
