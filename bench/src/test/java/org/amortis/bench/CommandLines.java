package org.amortis.bench;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the command line. */
public record CommandLines(int code, String out, String err) {
    /** Runs it in this process. */
    public static CommandLines run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[args.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = args[i].toString();
        }
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new CommandLines(code, out.toString(), err.toString());
    }

    /** Number of lines of messages. */
    public long messages() {
        return err.lines().filter(l -> !l.isBlank()).count();
    }
}
