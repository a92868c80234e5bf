// The log has ended: show how.
window.addEventListener("lockstep:rollbackEnded", () => window.location.reload());
