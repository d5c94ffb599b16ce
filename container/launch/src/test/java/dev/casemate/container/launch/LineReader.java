package dev.casemate.container.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// A contained program that says which lines it reads and ends with them. Told to end, it says so,
/// and stays.
final class LineReader {

    private LineReader() {}

    public static void main(String[] arguments) throws IOException {
        var told =
                new Thread(() -> {
                    System.out.println("told to end");
                    try {
                        Thread.currentThread().join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        Runtime.getRuntime().addShutdownHook(told);
        System.out.println("started");
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println("read " + line.length() + " " + line.substring(0, 3));
        }
        System.out.println("no more");
        Runtime.getRuntime().removeShutdownHook(told);
    }
}
