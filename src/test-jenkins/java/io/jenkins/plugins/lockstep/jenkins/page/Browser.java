package io.jenkins.plugins.lockstep.jenkins.page;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.sf.json.JSONArray;
import net.sf.json.JSONNull;
import net.sf.json.JSONObject;

/** Headless Chromium, driven by the WebDriver protocol: real scripts, real styles, a real content security policy. */
public final class Browser implements AutoCloseable {

    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final URI session;

    private Browser(Process driver, URI session) {
        this.driver = driver;
        this.session = session;
    }

    /** Tells whether this machine has Chromium and its driver (Debian: chromium, chromium-driver). */
    public static boolean isInstalled() {
        return List.of("chromium", "chromedriver").stream()
                .allMatch(program -> List.of(System.getenv("PATH").split(java.io.File.pathSeparator)).stream()
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program))));
    }

    /** @param home for its profile and log */
    public static Browser open(Path home) throws IOException, InterruptedException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process driver = new ProcessBuilder("chromedriver", "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("chromedriver.log").toFile())
                .start();
        var options = new JSONObject();
        var arguments = new JSONArray();
        arguments.add("--headless=new");
        arguments.add("--no-sandbox");
        arguments.add("--disable-gpu");
        arguments.add("--disable-dev-shm-usage");
        arguments.add("--hide-scrollbars");
        arguments.add("--window-size=1400,1000");
        arguments.add("--user-data-dir=" + home.resolve("profile"));
        options.put("args", arguments);
        options.put("binary", "/usr/bin/chromium");
        var logging = new JSONObject();
        logging.put("browser", "ALL");
        var always = new JSONObject();
        always.put("goog:chromeOptions", options);
        always.put("goog:loggingPrefs", logging);
        var capabilities = new JSONObject();
        capabilities.put("alwaysMatch", always);
        var body = new JSONObject();
        body.put("capabilities", capabilities);
        URI root = URI.create("http://127.0.0.1:" + port + "/");
        var browser = new Browser(driver, root);
        for (int i = 0; i < 100; i++) {
            try {
                JSONObject made = (JSONObject) browser.post("session", body);
                return new Browser(driver, root.resolve("session/" + made.getString("sessionId") + "/"));
            } catch (java.net.ConnectException e) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        driver.destroy();
        throw new IOException("chromedriver does not answer; see " + home);
    }

    public void go(String url) throws IOException, InterruptedException {
        var body = new JSONObject();
        body.put("url", url);
        post("url", body);
    }

    public String text(String css) throws IOException, InterruptedException {
        return (String) send(HttpRequest.newBuilder(session.resolve("element/" + find(css) + "/text"))
                .GET());
    }

    public String url() throws IOException, InterruptedException {
        return (String) send(HttpRequest.newBuilder(session.resolve("url")).GET());
    }

    public void click(String css) throws IOException, InterruptedException {
        post("element/" + find(css) + "/click", new JSONObject());
    }

    public void type(String css, String text) throws IOException, InterruptedException {
        var body = new JSONObject();
        body.put("text", text);
        post("element/" + find(css) + "/value", body);
    }

    /** Evaluates an expression in the page. */
    public Object evaluate(String expression) throws IOException, InterruptedException {
        var body = new JSONObject();
        body.put("script", "return " + expression);
        body.put("args", new JSONArray());
        return post("execute/sync", body);
    }

    /** Waits until an element's text has what is asked for, which a script may have to load first. */
    public void await(String css, String text) throws IOException, InterruptedException {
        String last = "";
        for (int i = 0; i < 300; i++) {
            try {
                last = text(css);
                if (last.contains(text)) {
                    return;
                }
            } catch (IOException e) {
                last = e.getMessage();
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new AssertionError("'" + text + "' never came to " + url() + "; " + css + " has: " + last);
    }

    /** Returns what the browser complains about: refused scripts and styles among them. */
    public List<String> complaints() throws IOException, InterruptedException {
        var body = new JSONObject();
        body.put("type", "browser");
        return ((JSONArray) post("se/log", body))
                .stream()
                        .map(JSONObject.class::cast)
                        .filter(entry -> entry.getString("level").equals("SEVERE"))
                        .map(entry -> entry.getString("message"))
                        .toList();
    }

    /** Keeps a picture of the whole page. */
    public void picture(Path file) throws IOException, InterruptedException {
        int height = ((Number) evaluate("document.documentElement.scrollHeight")).intValue();
        var size = new JSONObject();
        size.put("width", 1400);
        size.put("height", Math.min(2500, Math.max(600, height + 120)));
        post("window/rect", size);
        String png = (String)
                send(HttpRequest.newBuilder(session.resolve("screenshot")).GET());
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(png));
    }

    private String find(String css) throws IOException, InterruptedException {
        var body = new JSONObject();
        body.put("using", "css selector");
        body.put("value", css);
        return ((JSONObject) post("element", body)).getString(ELEMENT);
    }

    private Object post(String path, JSONObject body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(session.resolve(path)).POST(BodyPublishers.ofString(body.toString())));
    }

    private Object send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request.header("Content-Type", "application/json").build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.body());
        }
        Object value = JSONObject.fromObject(answer.body()).get("value");
        return value instanceof JSONNull ? null : value;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            send(HttpRequest.newBuilder(URI.create(session.toString().replaceAll("/$", "")))
                    .DELETE());
        } finally {
            driver.destroy();
            driver.waitFor();
        }
    }
}
