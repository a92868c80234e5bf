package hudson.triggers;

public abstract class SafeTimerTask {}
