<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>asking</name>
    <message>
        <source>Open videos or pictures</source>
        <translation>Videos oder Bilder öffnen</translation>
    </message>
    <message>
        <source>Videos and pictures ({patterns})</source>
        <translation>Videos und Bilder ({patterns})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>{path} cannot be written; choose another folder.</source>
        <translation>{path} kann nicht geschrieben werden; wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Save a snapshot</source>
        <translation>Schnappschuss speichern</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG-Bild (*.png)</translation>
    </message>
    <message>
        <source>Open an address</source>
        <translation>Adresse öffnen</translation>
    </message>
    <message>
        <source>Address of a camera or stream, such as rtsp://… or http://…</source>
        <translation>Adresse einer Kamera oder eines Streams, etwa rtsp://… oder http://…</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Gehe zu</translation>
    </message>
    <message>
        <source>The number of a picture, such as 12</source>
        <translation>Die Nummer eines Bilds, etwa 12</translation>
    </message>
    <message>
        <source>A time such as 1:02.5 or 62.5, or a frame such as #1562</source>
        <translation>Eine Zeit wie 1:02.5 oder 62.5 oder ein Bild wie #1562</translation>
    </message>
</context>
<context>
    <name>badge</name>
    <message>
        <source>END</source>
        <translation>ENDE</translation>
    </message>
    <message>
        <source>PAUSED</source>
        <translation>PAUSE</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>LIVE</translation>
    </message>
</context>
<context>
    <name>banner</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>cards</name>
    <message>
        <source>{reasons} – no emotion is shown</source>
        <translation>{reasons} – keine Emotion wird gezeigt</translation>
    </message>
    <message>
        <source>readable</source>
        <translation>lesbar</translation>
    </message>
    <message>
        <source>Person #{id}</source>
        <translation>Person #{id}</translation>
    </message>
    <message>
        <source>chosen: {person}</source>
        <translation>gewählt: {person}</translation>
    </message>
</context>
<context>
    <name>contact</name>
    <message>
        <source>By name</source>
        <translation>Nach Name</translation>
    </message>
    <message>
        <source>By emotion</source>
        <translation>Nach Emotion</translation>
    </message>
    <message>
        <source>Order of the pictures</source>
        <translation>Reihenfolge der Bilder</translation>
    </message>
    <message>
        <source>Pictures of the folder</source>
        <translation>Bilder des Ordners</translation>
    </message>
    <message>
        <source>Pictures: {count}</source>
        <translation>Bilder: {count}</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>noch nicht gelesen</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
</context>
<context>
    <name>deck</name>
    <message>
        <source>analysed</source>
        <translation>analysiert</translation>
    </message>
    <message>
        <source>analysed {share}</source>
        <translation>{share} analysiert</translation>
    </message>
    <message>
        <source>analysed {share}, {pace} times as fast as it plays</source>
        <translation>{share} analysiert, {pace}-mal so schnell wie die Wiedergabe</translation>
    </message>
</context>
<context>
    <name>export</name>
    <message>
        <source>Table (CSV)</source>
        <translation>Tabelle (CSV)</translation>
    </message>
    <message>
        <source>Table for Excel (CSV)</source>
        <translation>Tabelle für Excel (CSV)</translation>
    </message>
    <message>
        <source>Wide table, a row a moment (CSV)</source>
        <translation>Breite Tabelle, eine Zeile je Moment (CSV)</translation>
    </message>
    <message>
        <source>Everything (JSON)</source>
        <translation>Alles (JSON)</translation>
    </message>
    <message>
        <source>Annotated video (MP4)</source>
        <translation>Beschriftetes Video (MP4)</translation>
    </message>
    <message>
        <source>Page (HTML)</source>
        <translation>Seite (HTML)</translation>
    </message>
    <message>
        <source>Timeline (SVG, PNG)</source>
        <translation>Zeitleiste (SVG, PNG)</translation>
    </message>
    <message>
        <source>Clean clip (MP4)</source>
        <translation>Unbeschrifteter Ausschnitt (MP4)</translation>
    </message>
    <message>
        <source>Picture at a moment (PNG)</source>
        <translation>Bild eines Moments (PNG)</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>All of it</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>From {start} to the end</source>
        <translation>Von {start} bis zum Ende</translation>
    </message>
    <message>
        <source>From {start} to {end}</source>
        <translation>Von {start} bis {end}</translation>
    </message>
    <message>
        <source>No face</source>
        <translation>Kein Gesicht</translation>
    </message>
    <message>
        <source>All faces</source>
        <translation>Alle Gesichter</translation>
    </message>
    <message>
        <source>All but face #{number}</source>
        <translation>Alle außer Gesicht #{number}</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Als</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>Abschnitt</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Unkenntlich</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>How far the export is</source>
        <translation>Wie weit der Export ist</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Give the file one of these suffixes: {suffixes}</source>
        <translation>Geben Sie der Datei eine dieser Endungen: {suffixes}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Wrote {path}.</source>
        <translation>{path} wurde geschrieben.</translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation>Abgebrochen; nichts wurde geschrieben.</translation>
    </message>
    <message>
        <source>The export has failed by a fault of Mimik&apos;s.</source>
        <translation>Der Export ist an einem Fehler in Mimik gescheitert.</translation>
    </message>
    <message>
        <source>There is nothing to export yet; open a film first.</source>
        <translation>Es gibt noch nichts zu exportieren; öffnen Sie zuerst einen Film.</translation>
    </message>
    <message>
        <source>A camera&apos;s readings are not kept by themselves; record it first.</source>
        <translation>Was von einer Kamera gelesen wird, bleibt nicht von selbst erhalten; nehmen Sie zuerst auf.</translation>
    </message>
    <message>
        <source>The film is still being read; what is exported now has readings up to there only.</source>
        <translation>Der Film wird noch gelesen; was jetzt exportiert wird, enthält nur das bisher Gelesene.</translation>
    </message>
</context>
<context>
    <name>following</name>
    <message>
        <source>Loading model…</source>
        <translation>Modell wird geladen…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Opening camera…</source>
        <translation>Kamera wird geöffnet…</translation>
    </message>
    <message>
        <source>The picture appears here.</source>
        <translation>Hier erscheint das Bild.</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>{title} has ended.</source>
        <translation>{title} ist zu Ende.</translation>
    </message>
    <message>
        <source>Drop a film, a picture or a folder here, or open one from the menu File.</source>
        <translation>Ziehen Sie einen Film, ein Bild oder einen Ordner hierher, oder öffnen Sie etwas über das Menü „Datei“.</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
</context>
<context>
    <name>history</name>
    <message>
        <source>A recording was cut off, by a crash or a power cut. What was recorded is there.</source>
        <translation>Eine Aufnahme ist durch einen Absturz oder Stromausfall abgebrochen. Was aufgenommen wurde, ist da.</translation>
    </message>
    <message>
        <source>{count} recordings were cut off. What was recorded is there.</source>
        <translation>{count} Aufnahmen sind abgebrochen. Was aufgenommen wurde, ist da.</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf…</translation>
    </message>
    <message>
        <source>The recording is complete, up to where it was cut off.</source>
        <translation>Die Aufnahme ist vollständig, bis zu der Stelle, an der sie abbrach.</translation>
    </message>
    <message>
        <source>{count} recordings are complete, up to where they were cut off.</source>
        <translation>{count} Aufnahmen sind vollständig, bis zu den Stellen, an denen sie abbrachen.</translation>
    </message>
    <message>
        <source>Look at it</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>{count} people</source>
        <translation>{count} Personen</translation>
    </message>
    <message>
        <source>1 person</source>
        <translation>1 Person</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>{count} notes</source>
        <translation>{count} Notizen</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 Notiz</translation>
    </message>
    <message>
        <source>not complete</source>
        <translation>unvollständig</translation>
    </message>
    <message>
        <source>recovered</source>
        <translation>wiederhergestellt</translation>
    </message>
    <message>
        <source>mine</source>
        <translation>meine</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Search titles, tags, notes, days, expressions</source>
        <translation>Titel, Schlagwörter, Notizen, Tage, Ausdrücke suchen</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Tags…</source>
        <translation>Schlagwörter…</translation>
    </message>
    <message>
        <source>Note…</source>
        <translation>Notiz…</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meine</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Whether the recording belongs into your own journal</source>
        <translation>Ob die Aufnahme in Ihr eigenes Tagebuch gehört</translation>
    </message>
    <message>
        <source>Nothing has been recorded yet: R records.</source>
        <translation>Noch ist nichts aufgenommen: R nimmt auf.</translation>
    </message>
    <message>
        <source>No session fits.</source>
        <translation>Keine Sitzung passt.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>What the session is called</source>
        <translation>Wie die Sitzung heißt</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Tags, with commas between them</source>
        <translation>Schlagwörter, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>A note on the session</source>
        <translation>Eine Notiz zur Sitzung</translation>
    </message>
    <message>
        <source>There is no file manager to show {path}.</source>
        <translation>Es gibt keine Dateiverwaltung, die {path} zeigen kann.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>{title} is deleted.</source>
        <translation>{title} ist gelöscht.</translation>
    </message>
</context>
<context>
    <name>journal</name>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>en</source>
        <translation>de</translation>
    </message>
    <message>
        <source>Days of the month</source>
        <translation>Tage des Monats</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>nothing was recorded</source>
        <translation>nichts aufgenommen</translation>
    </message>
    <message>
        <source>dddd, d MMMM</source>
        <translation>dddd, d. MMMM</translation>
    </message>
    <message>
        <source>by day</source>
        <translation>nach Tagen</translation>
    </message>
    <message>
        <source>by week</source>
        <translation>nach Wochen</translation>
    </message>
    <message>
        <source>by month</source>
        <translation>nach Monaten</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>Tagebuch</translation>
    </message>
    <message>
        <source>Minutes per apparent expression, of the recordings that you have marked as your own. It tells how your face looked to a network, not how you felt. Where nothing was recorded there is a gap. It is kept on this computer, in one file.</source>
        <translation>Minuten je sichtbarem Ausdruck, aus den Aufnahmen, die Sie als Ihre eigenen gekennzeichnet haben. Es sagt, wie Ihr Gesicht für ein Netz aussah, nicht, wie Sie sich fühlten. Wo nichts aufgenommen wurde, ist eine Lücke. Es liegt auf diesem Rechner, in einer Datei.</translation>
    </message>
    <message>
        <source>Switch the journal on</source>
        <translation>Tagebuch einschalten</translation>
    </message>
    <message>
        <source>The journal is off, and nothing of it is kept. Switched on, it goes through the recordings in your library that are marked as your own, now and whenever you look at it. You can delete all of it at any time; recordings stay.</source>
        <translation>Das Tagebuch ist aus, und nichts davon wird aufbewahrt. Eingeschaltet geht es die Aufnahmen in Ihrer Bibliothek durch, die als Ihre eigenen gekennzeichnet sind, jetzt und immer, wenn Sie es ansehen. Sie können es jederzeit ganz löschen; die Aufnahmen bleiben.</translation>
    </message>
    <message>
        <source>The month before</source>
        <translation>Der Monat davor</translation>
    </message>
    <message>
        <source>The next month</source>
        <translation>Der nächste Monat</translation>
    </message>
    <message>
        <source>Rows of the table</source>
        <translation>Zeilen der Tabelle</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>Als CSV exportieren…</translation>
    </message>
    <message>
        <source>Delete the journal…</source>
        <translation>Tagebuch löschen…</translation>
    </message>
    <message>
        <source>Going through the recordings…</source>
        <translation>Die Aufnahmen werden durchgesehen…</translation>
    </message>
    <message>
        <source>this month</source>
        <translation>dieser Monat</translation>
    </message>
    <message>
        <source>week from {day}</source>
        <translation>Woche ab {day}</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>d. MMM</translation>
    </message>
    <message>
        <source>ddd d MMM</source>
        <translation>ddd, d. MMM</translation>
    </message>
    <message>
        <source>Export the journal</source>
        <translation>Tagebuch exportieren</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>Wrote {path}.</source>
        <translation>{path} wurde geschrieben.</translation>
    </message>
    <message>
        <source>Delete the journal</source>
        <translation>Tagebuch löschen</translation>
    </message>
    <message>
        <source>Delete all of the journal, and switch it off?</source>
        <translation>Das ganze Tagebuch löschen und ausschalten?</translation>
    </message>
    <message>
        <source>What it holds was derived from your recordings, and could be derived again.</source>
        <translation>Sein Inhalt wurde aus Ihren Aufnahmen gewonnen und ließe sich wieder daraus gewinnen.</translation>
    </message>
    <message>
        <source>Also delete the recordings that are marked as my own; for some days it can be undone</source>
        <translation>Auch die Aufnahmen löschen, die als meine eigenen gekennzeichnet sind; einige Tage lang lässt sich das rückgängig machen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>The journal is deleted and off.</source>
        <translation>Das Tagebuch ist gelöscht und aus.</translation>
    </message>
    <message>
        <source>{count} recordings are deleted too; that can be undone.</source>
        <translation>{count} Aufnahmen sind ebenfalls gelöscht; das lässt sich rückgängig machen.</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>recorded</source>
        <translation>aufgenommen</translation>
    </message>
</context>
<context>
    <name>keymap</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
        <source>F&amp;aces</source>
        <translation>&amp;Gesichter</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Open &amp;file…</source>
        <translation>&amp;Datei öffnen…</translation>
    </message>
    <message>
        <source>Open f&amp;older of pictures…</source>
        <translation>Bilder&amp;ordner öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;address…</source>
        <translation>&amp;Adresse öffnen…</translation>
    </message>
    <message>
        <source>&amp;Demo clip</source>
        <translation>De&amp;moclip</translation>
    </message>
    <message>
        <source>&amp;Save snapshot…</source>
        <translation>&amp;Schnappschuss speichern…</translation>
    </message>
    <message>
        <source>&amp;Record</source>
        <translation>Auf&amp;nehmen</translation>
    </message>
    <message>
        <source>&amp;Note at this moment…</source>
        <translation>Not&amp;iz zu diesem Moment…</translation>
    </message>
    <message>
        <source>&amp;History…</source>
        <translation>&amp;Verlauf…</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>&amp;Journal</source>
        <translation>&amp;Tagebuch</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>Delete &amp;kept readings</source>
        <translation>Aufbewahrte Analysen &amp;löschen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>S&amp;topp</translation>
    </message>
    <message>
        <source>&amp;Next frame</source>
        <translation>&amp;Nächstes Bild</translation>
    </message>
    <message>
        <source>P&amp;revious frame</source>
        <translation>&amp;Voriges Bild</translation>
    </message>
    <message>
        <source>One second ahead</source>
        <translation>Eine Sekunde vor</translation>
    </message>
    <message>
        <source>One second back</source>
        <translation>Eine Sekunde zurück</translation>
    </message>
    <message>
        <source>Ten seconds ahead</source>
        <translation>Zehn Sekunden vor</translation>
    </message>
    <message>
        <source>Ten seconds back</source>
        <translation>Zehn Sekunden zurück</translation>
    </message>
    <message>
        <source>To the &amp;start</source>
        <translation>Zum &amp;Anfang</translation>
    </message>
    <message>
        <source>To the &amp;end</source>
        <translation>Zum &amp;Ende</translation>
    </message>
    <message>
        <source>&amp;Go to frame or time…</source>
        <translation>&amp;Gehe zu Bild oder Zeit…</translation>
    </message>
    <message>
        <source>&amp;Faster</source>
        <translation>&amp;Schneller</translation>
    </message>
    <message>
        <source>S&amp;lower</source>
        <translation>&amp;Langsamer</translation>
    </message>
    <message>
        <source>Loop from &amp;here</source>
        <translation>Schleife ab &amp;hier</translation>
    </message>
    <message>
        <source>L&amp;oop to here</source>
        <translation>Schleife &amp;bis hier</translation>
    </message>
    <message>
        <source>No loop</source>
        <translation>Keine Schleife</translation>
    </message>
    <message>
        <source>M&amp;ute</source>
        <translation>Ton a&amp;us</translation>
    </message>
    <message>
        <source>Lou&amp;der</source>
        <translation>Laute&amp;r</translation>
    </message>
    <message>
        <source>&amp;Quieter</source>
        <translation>Le&amp;iser</translation>
    </message>
    <message>
        <source>Open ag&amp;ain</source>
        <translation>Noch einmal &amp;öffnen</translation>
    </message>
    <message>
        <source>&amp;Why this label</source>
        <translation>&amp;Warum dieses Ergebnis</translation>
    </message>
    <message>
        <source>&amp;Open model folder…</source>
        <translation>Modell&amp;ordner öffnen…</translation>
    </message>
    <message>
        <source>&amp;Mirror</source>
        <translation>&amp;Spiegeln</translation>
    </message>
    <message>
        <source>&amp;Bars beside faces</source>
        <translation>&amp;Balken neben Gesichtern</translation>
    </message>
    <message>
        <source>&amp;Timeline</source>
        <translation>&amp;Zeitachse</translation>
    </message>
    <message>
        <source>Contact &amp;sheet</source>
        <translation>&amp;Kontaktabzug</translation>
    </message>
    <message>
        <source>Zoom &amp;in on the bar</source>
        <translation>Leiste ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Leiste verkl&amp;einern</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>&amp;Tasten</translation>
    </message>
    <message>
        <source>&amp;What Mimik is for</source>
        <translation>&amp;Wofür Mimik da ist</translation>
    </message>
</context>
<context>
    <name>labels</name>
    <message>
        <source>anger</source>
        <translation>Wut</translation>
    </message>
    <message>
        <source>disgust</source>
        <translation>Ekel</translation>
    </message>
    <message>
        <source>fear</source>
        <translation>Angst</translation>
    </message>
    <message>
        <source>happiness</source>
        <translation>Freude</translation>
    </message>
    <message>
        <source>sadness</source>
        <translation>Trauer</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>Überraschung</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>neutral</translation>
    </message>
    <message>
        <source>contempt</source>
        <translation>Verachtung</translation>
    </message>
    <message>
        <source>negative</source>
        <translation>negativ</translation>
    </message>
    <message>
        <source>positive</source>
        <translation>positiv</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>not readable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>too small</source>
        <translation>zu klein</translation>
    </message>
    <message>
        <source>too dark</source>
        <translation>zu dunkel</translation>
    </message>
    <message>
        <source>too bright</source>
        <translation>zu hell</translation>
    </message>
    <message>
        <source>blurred</source>
        <translation>unscharf</translation>
    </message>
    <message>
        <source>turned away</source>
        <translation>abgewandt</translation>
    </message>
    <message>
        <source>covered</source>
        <translation>verdeckt</translation>
    </message>
    <message>
        <source>cut by the edge</source>
        <translation>vom Rand abgeschnitten</translation>
    </message>
    <message>
        <source>on its side</source>
        <translation>liegend</translation>
    </message>
    <message>
        <source>upside down</source>
        <translation>kopfüber</translation>
    </message>
</context>
<context>
    <name>localised</name>
    <message>
        <source>{path} does not exist; check the name</source>
        <translation>{path} gibt es nicht; prüfen Sie den Namen</translation>
    </message>
    <message>
        <source>{path} is empty; get the file again</source>
        <translation>{path} ist leer; besorgen Sie die Datei noch einmal</translation>
    </message>
    <message>
        <source>{path} is not a plain file; name a video, a picture or a folder of pictures</source>
        <translation>{path} ist keine gewöhnliche Datei; nennen Sie ein Video, ein Bild oder einen Ordner mit Bildern</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}; check its permissions</source>
        <translation>{path} lässt sich nicht lesen: {reason}; prüfen Sie die Zugriffsrechte</translation>
    </message>
    <message>
        <source>{path} cannot be opened: {reason}; check the name</source>
        <translation>{path} lässt sich nicht öffnen: {reason}; prüfen Sie den Namen</translation>
    </message>
    <message>
        <source>{path} is a text, not a video; name a video file</source>
        <translation>{path} ist ein Text und kein Video; nennen Sie eine Videodatei</translation>
    </message>
    <message>
        <source>{path} is a text, not a picture; save it again as JPEG or PNG</source>
        <translation>{path} ist ein Text und kein Bild; speichern Sie das Bild neu als JPEG oder PNG</translation>
    </message>
    <message>
        <source>{path} is not a picture; save it again as JPEG or PNG</source>
        <translation>{path} ist kein Bild; speichern Sie es neu als JPEG oder PNG</translation>
    </message>
    <message>
        <source>{path} cannot be decoded; save it smaller, as JPEG or PNG</source>
        <translation>{path} lässt sich nicht dekodieren; speichern Sie das Bild kleiner, als JPEG oder PNG</translation>
    </message>
    <message>
        <source>{path} has too many pixels; save it smaller, as JPEG or PNG</source>
        <translation>{path} hat zu viele Pixel; speichern Sie das Bild kleiner, als JPEG oder PNG</translation>
    </message>
    <message>
        <source>{path} is not a video that can be played: it is damaged, incomplete or of an unknown kind; get the file again or convert it to MP4</source>
        <translation>{path} ist kein Video, das sich abspielen lässt: Es ist beschädigt, unvollständig oder von unbekannter Art; besorgen Sie die Datei noch einmal oder wandeln Sie sie in MP4 um</translation>
    </message>
    <message>
        <source>{path} holds sound but no moving picture; name a video</source>
        <translation>{path} enthält Ton, aber kein bewegtes Bild; nennen Sie ein Video</translation>
    </message>
    <message>
        <source>{path} holds no moving picture; name a video</source>
        <translation>{path} enthält kein bewegtes Bild; nennen Sie ein Video</translation>
    </message>
    <message>
        <source>{path} is coded in a way that cannot be decoded here; convert it to MP4 (H.264)</source>
        <translation>{path} ist so kodiert, dass es sich hier nicht dekodieren lässt; wandeln Sie es in MP4 (H.264) um</translation>
    </message>
    <message>
        <source>{path} breaks off after {frames} frames; what was read is kept, get the file again for the rest</source>
        <translation>{path} bricht nach {frames} Bildern ab; was gelesen wurde, bleibt, und für den Rest besorgen Sie die Datei noch einmal</translation>
    </message>
    <message>
        <source>{path} cannot be read any more; open it again</source>
        <translation>{path} lässt sich nicht mehr lesen; öffnen Sie es noch einmal</translation>
    </message>
    <message>
        <source>{path} contains no picture; put JPEG or PNG files there or name another folder</source>
        <translation>{path} enthält kein Bild; legen Sie JPEG- oder PNG-Dateien hinein oder nennen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>{path} cannot be listed: {reason}; name a folder of pictures</source>
        <translation>Der Inhalt von {path} lässt sich nicht lesen: {reason}; nennen Sie einen Ordner mit Bildern</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}; solve that, or name another place</source>
        <translation>{path} lässt sich nicht schreiben: {reason}; beheben Sie das, oder nennen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>{path} cannot take a session: {reason}; name another folder</source>
        <translation>{path} kann keine Sitzung aufnehmen: {reason}; nennen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>{address} cannot be opened; check the address and that its sender is on</source>
        <translation>{address} lässt sich nicht öffnen; prüfen Sie die Adresse, und ob der Sender eingeschaltet ist</translation>
    </message>
    <message>
        <source>{address} cannot be opened as an address; use one of {schemes}</source>
        <translation>{address} ist keine Adresse, die sich öffnen lässt; möglich sind {schemes}</translation>
    </message>
    <message>
        <source>{source} delivers no more pictures; open it again</source>
        <translation>{source} liefert keine Bilder mehr; öffnen Sie die Quelle noch einmal</translation>
    </message>
    <message>
        <source>{address} delivers no more pictures; check that its sender is still on and open it again</source>
        <translation>{address} liefert keine Bilder mehr; prüfen Sie, ob der Sender noch eingeschaltet ist, und öffnen Sie die Adresse noch einmal</translation>
    </message>
    <message>
        <source>camera {number} delivers no picture; check its cable and that no other program uses it, or open a file or the demo clip instead</source>
        <translation>Kamera {number} liefert kein Bild; prüfen Sie das Kabel, und ob ein anderes Programm sie benutzt, oder öffnen Sie stattdessen eine Datei oder den Democlip</translation>
    </message>
    <message>
        <source>camera {number} cannot be opened; connect it, close other programs that use it, allow this program to use the camera in the system&apos;s privacy settings, or open a file or the demo clip instead</source>
        <translation>Kamera {number} lässt sich nicht öffnen; schließen Sie sie an, beenden Sie andere Programme, die sie benutzen, erlauben Sie diesem Programm die Kamera in den Datenschutzeinstellungen des Systems, oder öffnen Sie stattdessen eine Datei oder den Democlip</translation>
    </message>
    <message>
        <source>camera {number} does not exist, no camera is connected; connect one or open a file or the demo clip instead</source>
        <translation>Kamera {number} gibt es nicht, denn es ist keine Kamera angeschlossen; schließen Sie eine an, oder öffnen Sie stattdessen eine Datei oder den Democlip</translation>
    </message>
    <message>
        <source>camera {number} does not exist, there are: {others}; connect one or open a file or the demo clip instead</source>
        <translation>Kamera {number} gibt es nicht; vorhanden sind: {others}; schließen Sie eine an, oder öffnen Sie stattdessen eine Datei oder den Democlip</translation>
    </message>
    <message>
        <source>camera {number} may not be used by this user; add the user to the group `video`, or open a file or the demo clip instead</source>
        <translation>Kamera {number} darf dieser Benutzer nicht verwenden; nehmen Sie ihn in die Gruppe `video` auf, oder öffnen Sie stattdessen eine Datei oder den Democlip</translation>
    </message>
    <message>
        <source>camera {number} cannot be opened, perhaps it is busy; close the program that uses it, or open a file or the demo clip instead</source>
        <translation>Kamera {number} lässt sich nicht öffnen, vielleicht ist sie belegt; beenden Sie das Programm, das sie benutzt, oder öffnen Sie stattdessen eine Datei oder den Democlip</translation>
    </message>
    <message>
        <source>No camera was found, so this is the demo clip. Connect one and choose it in the menu File</source>
        <translation>Es wurde keine Kamera gefunden, daher läuft der Democlip. Schließen Sie eine an und wählen Sie sie im Menü „Datei“</translation>
    </message>
    <message>
        <source>Faces are found with {detector}, which misses more of them than {better}: {reason}</source>
        <translation>Gesichter werden mit {detector} gesucht, dem mehr davon entgehen als {better}: {reason}</translation>
    </message>
    <message>
        <source>{model} is not on this machine and fetching it is switched off; name its file with --detector-model or {variable}</source>
        <translation>{model} ist nicht auf diesem Rechner, und das Herunterladen ist abgeschaltet; nennen Sie die Datei mit --detector-model oder {variable}</translation>
    </message>
    <message>
        <source>{model} could not be fetched: {reason}, or name its file with --detector-model or {variable}</source>
        <translation>{model} ließ sich nicht herunterladen: {reason}, oder nennen Sie die Datei mit --detector-model oder {variable}</translation>
    </message>
    <message>
        <source>{address} cannot be read: {reason}; check the network</source>
        <translation>{address} lässt sich nicht lesen: {reason}; prüfen Sie das Netz</translation>
    </message>
    <message>
        <source>{address} was not delivered within {seconds} s; check the network</source>
        <translation>{address} kam nicht innerhalb von {seconds} s; prüfen Sie das Netz</translation>
    </message>
    <message>
        <source>Films play without sound: no sound device was found</source>
        <translation>Filme laufen ohne Ton: Es wurde kein Tongerät gefunden</translation>
    </message>
    <message>
        <source>Films play without sound: the sound device does not start</source>
        <translation>Filme laufen ohne Ton: Das Tongerät startet nicht</translation>
    </message>
    <message>
        <source>Films play without sound: the package miniaudio is not installed</source>
        <translation>Filme laufen ohne Ton: Das Paket miniaudio ist nicht installiert</translation>
    </message>
    <message>
        <source>{session} is being recorded; end the recording first</source>
        <translation>{session} wird gerade aufgenommen; beenden Sie zuerst die Aufnahme</translation>
    </message>
    <message>
        <source>{session} is being recorded; change it when the recording has ended</source>
        <translation>{session} wird gerade aufgenommen; ändern Sie sie, wenn die Aufnahme beendet ist</translation>
    </message>
    <message>
        <source>The recording has not begun yet; write the note again</source>
        <translation>Die Aufnahme hat noch nicht begonnen; schreiben Sie die Notiz noch einmal</translation>
    </message>
    <message>
        <source>The video of {source} leaves out pictures, because the encoder or the disk does not keep up; the readings are complete. Closing other programs helps</source>
        <translation>Das Video von {source} lässt Bilder aus, weil der Encoder oder der Datenträger nicht nachkommt; die Messwerte sind vollständig. Andere Programme zu schließen hilft</translation>
    </message>
    <message>
        <source>The video of {session} ends here, because its encoder failed ({reason}); the readings continue</source>
        <translation>Das Video von {session} endet hier, weil sein Encoder versagt hat ({reason}); die Messwerte gehen weiter</translation>
    </message>
    <message>
        <source>The disk of {folder} has room for less than three minutes of recording; free some or end it</source>
        <translation>Auf dem Datenträger von {folder} ist Platz für weniger als drei Minuten Aufnahme; schaffen Sie Platz, oder beenden Sie sie</translation>
    </message>
    <message>
        <source>The disk of {folder} is full; the recording has ended, and everything before is kept</source>
        <translation>Der Datenträger von {folder} ist voll; die Aufnahme ist beendet, und alles bis dahin ist erhalten</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}; the recording has ended, and everything before is kept</source>
        <translation>{path} kann nicht geschrieben werden: {reason}; die Aufnahme ist beendet, und alles bis dahin ist erhalten</translation>
    </message>
    <message>
        <source>{path} is kept: it exists already; the file is called {name}</source>
        <translation>{path} bleibt: Die Datei gibt es schon; die neue heißt {name}</translation>
    </message>
    <message>
        <source>Something went wrong inside Mimik; {log} has the details</source>
        <translation>In Mimik ist etwas schiefgegangen; Einzelheiten stehen in {log}</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>keine Berechtigung</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>kein Platz mehr auf dem Gerät</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>das Dateisystem kann nur gelesen werden</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>der Dateiname ist zu lang</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>es ist ein Ordner</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>die Datei gibt es schon</translation>
    </message>
    <message>
        <source>Name or service not known</source>
        <translation>der Name ist unbekannt</translation>
    </message>
    <message>
        <source>Network is unreachable</source>
        <translation>das Netz ist nicht erreichbar</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>die Verbindung wurde abgelehnt</translation>
    </message>
</context>
<context>
    <name>menus</name>
    <message>
        <source>As the &amp;system</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Detector</source>
        <translation>&amp;Detektor</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>Open re&amp;cent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>Balken</translation>
    </message>
    <message>
        <source>Looking for cameras…</source>
        <translation>Kameras werden gesucht…</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>{detector} (sends usage statistics)</source>
        <translation>{detector} (sendet Nutzungsstatistik)</translation>
    </message>
</context>
<context>
    <name>notes</name>
    <message>
        <source>You say: {label}</source>
        <translation>Sie sagen: {label}</translation>
    </message>
    <message>
        <source>mark</source>
        <translation>Marke</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>Notes belong to a session: record with R, or open one from the history.</source>
        <translation>Notizen gehören zu einer Sitzung: Nehmen Sie mit R auf, oder öffnen Sie eine aus dem Verlauf.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Note at this moment (empty for a mark)</source>
        <translation>Notiz zu diesem Moment (leer für eine Marke)</translation>
    </message>
</context>
<context>
    <name>picture</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>The picture with its faces; the keys up and down choose a face</source>
        <translation>Das Bild mit seinen Gesichtern; die Pfeiltasten auf und ab wählen ein Gesicht</translation>
    </message>
</context>
<context>
    <name>playlist</name>
    <message>
        <source>Opened together</source>
        <translation>Zusammen geöffnet</translation>
    </message>
</context>
<context>
    <name>readings</name>
    <message>
        <source>Rate of the source</source>
        <translation>Rate der Quelle</translation>
    </message>
    <message>
        <source>Frames per second that the camera or file delivers</source>
        <translation>Bilder pro Sekunde, die Kamera oder Datei liefert</translation>
    </message>
    <message>
        <source>Rate of the analysis</source>
        <translation>Rate der Analyse</translation>
    </message>
    <message>
        <source>Frames per second that are analysed</source>
        <translation>Bilder pro Sekunde, die analysiert werden</translation>
    </message>
    <message>
        <source>Dropped frames</source>
        <translation>Ausgelassene Bilder</translation>
    </message>
    <message>
        <source>Frames of the camera that were left out to stay in time</source>
        <translation>Bilder der Kamera, die ausgelassen wurden, um nicht nachzuhinken</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <source>Camera: from capture to paint; file: from analysis to paint (median)</source>
        <translation>Kamera: von der Aufnahme bis zur Anzeige; Datei: von der Analyse bis zur Anzeige (Median)</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>What finds the faces</source>
        <translation>Was die Gesichter findet</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>What reads the expressions</source>
        <translation>Was den Ausdruck liest</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>Analyse</translation>
    </message>
    <message>
        <source>Dropped {count}</source>
        <translation>Ausgelassen {count}</translation>
    </message>
    <message>
        <source>Detector: {name}</source>
        <translation>Detektor: {name}</translation>
    </message>
    <message>
        <source>Model: {name}</source>
        <translation>Modell: {name}</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Analysis {rate} fps</source>
        <translation>Analyse {rate} fps</translation>
    </message>
    <message>
        <source>Latency {ms} ms</source>
        <translation>Verzögerung {ms} ms</translation>
    </message>
</context>
<context>
    <name>recording</name>
    <message>
        <source>&amp;Nobody&apos;s</source>
        <translation>&amp;Keine</translation>
    </message>
    <message>
        <source>&amp;Everybody&apos;s</source>
        <translation>&amp;Alle</translation>
    </message>
    <message>
        <source>All but the &amp;chosen one&apos;s</source>
        <translation>Alle außer dem &amp;gewählten</translation>
    </message>
    <message>
        <source>&amp;Blur faces in recordings</source>
        <translation>Gesichter in Aufnahmen &amp;unkenntlich machen</translation>
    </message>
    <message>
        <source>readings only</source>
        <translation>nur Messwerte</translation>
    </message>
    <message>
        <source>The recording before is still being written; try again in a moment.</source>
        <translation>Die vorige Aufnahme wird noch geschrieben; versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>This is a session already; its notes and labels are kept as they are made.</source>
        <translation>Das ist schon eine Sitzung; ihre Notizen und Korrekturen werden sofort gespeichert.</translation>
    </message>
    <message>
        <source>Only a camera, a stream or a film in a file can be kept as a session.</source>
        <translation>Nur eine Kamera, ein Stream oder ein Film in einer Datei kann als Sitzung gespeichert werden.</translation>
    </message>
    <message>
        <source>The readings are being kept as a session…</source>
        <translation>Die Messwerte werden als Sitzung gespeichert…</translation>
    </message>
    <message>
        <source>Look at it</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf…</translation>
    </message>
    <message>
        <source>Kept as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation>{size} frei</translation>
    </message>
    <message>
        <source>{count} left out</source>
        <translation>{count} ausgelassen</translation>
    </message>
</context>
<context>
    <name>recovery</name>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Default model</source>
        <translation>Mitgeliefertes Modell</translation>
    </message>
    <message>
        <source>Open model folder…</source>
        <translation>Modellordner öffnen…</translation>
    </message>
    <message>
        <source>Use Haar</source>
        <translation>Haar verwenden</translation>
    </message>
    <message>
        <source>Demo clip</source>
        <translation>Democlip</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
</context>
<context>
    <name>requests</name>
    <message>
        <source>Open a folder of pictures</source>
        <translation>Bilderordner öffnen</translation>
    </message>
    <message>
        <source>Open the folder of a model</source>
        <translation>Ordner eines Modells öffnen</translation>
    </message>
    <message>
        <source>Delete &amp;kept readings ({size} MB)</source>
        <translation>Aufbewahrte Analysen &amp;löschen ({size} MB)</translation>
    </message>
    <message>
        <source>The kept readings are deleted.</source>
        <translation>Die aufbewahrten Analysen sind gelöscht.</translation>
    </message>
    <message>
        <source>There is no picture {number}.</source>
        <translation>Es gibt kein Bild {number}.</translation>
    </message>
    <message>
        <source>Picture {number} has not been analysed yet; try again in a moment.</source>
        <translation>Bild {number} ist noch nicht analysiert; versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>There is no frame {number}; name a time instead.</source>
        <translation>Es gibt kein Bild {number}; nennen Sie stattdessen eine Zeit.</translation>
    </message>
    <message>
        <source>Frame {number} has not been analysed yet; name a time instead.</source>
        <translation>Bild {number} ist noch nicht analysiert; nennen Sie stattdessen eine Zeit.</translation>
    </message>
    <message>
        <source>“{text}” is no time and no frame; write 1:02.5 or #1562.</source>
        <translation>„{text}“ ist weder Zeit noch Bild; schreiben Sie 1:02.5 oder #1562.</translation>
    </message>
</context>
<context>
    <name>scrub</name>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>{position} of {duration}</source>
        <translation>{position} von {duration}</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>+ {count} more</source>
        <translation>+ {count} mehr</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>noch nicht gelesen</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Mitgeliefert</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Grad-CAM where Keras is installed</source>
        <translation>Grad-CAM, wo Keras installiert ist</translation>
    </message>
    <message>
        <source>By covering parts</source>
        <translation>Durch Abdecken</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Ton</translation>
    </message>
    <message>
        <source>Pictures and folders</source>
        <translation>Bilder und Ordner</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Dark, light, or what the system says.</source>
        <translation>Dunkel, hell oder was das System vorgibt.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Holds from the next start.</source>
        <translation>Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Bars beside faces</source>
        <translation>Balken neben Gesichtern</translation>
    </message>
    <message>
        <source>The probability of every emotion beside each face in the picture.</source>
        <translation>Die Wahrscheinlichkeit jeder Emotion neben jedem Gesicht im Bild.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitachse</translation>
    </message>
    <message>
        <source>The chosen face&apos;s curves below the picture.</source>
        <translation>Die Kurven des gewählten Gesichts unter dem Bild.</translation>
    </message>
    <message>
        <source>Mirror cameras</source>
        <translation>Kameras spiegeln</translation>
    </message>
    <message>
        <source>As people know themselves from a mirror. Nothing that is read changes by it.</source>
        <translation>So, wie man sich aus dem Spiegel kennt. Was gelesen wird, ändert sich dadurch nicht.</translation>
    </message>
    <message>
        <source>Mirror films and pictures</source>
        <translation>Filme und Bilder spiegeln</translation>
    </message>
    <message>
        <source>Show films and pictures as in a mirror, too.</source>
        <translation>Auch Filme und Bilder wie in einem Spiegel zeigen.</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Lautstärke</translation>
    </message>
    <message>
        <source>How loud films are.</source>
        <translation>Wie laut Filme sind.</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Ton aus</translation>
    </message>
    <message>
        <source>Play films without sound.</source>
        <translation>Filme ohne Ton abspielen.</translation>
    </message>
    <message>
        <source>Open folders as a contact sheet</source>
        <translation>Ordner als Kontaktabzug öffnen</translation>
    </message>
    <message>
        <source>A folder of photos is shown as a sheet first, not picture by picture.</source>
        <translation>Ein Ordner mit Fotos erscheint zuerst als Übersicht, nicht Bild für Bild.</translation>
    </message>
    <message>
        <source>Size of small pictures</source>
        <translation>Größe kleiner Bilder</translation>
    </message>
    <message>
        <source>Width of a picture on the contact sheet.</source>
        <translation>Breite eines Bildes auf dem Kontaktabzug.</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Recent sources</source>
        <translation>Zuletzt geöffnete Quellen</translation>
    </message>
    <message>
        <source>How many the menu File remembers; with 0 none is kept.</source>
        <translation>Wie viele sich das Menü Datei merkt; bei 0 keine.</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>What finds the faces. The present source is opened anew with it.</source>
        <translation>Was die Gesichter findet. Die gezeigte Quelle wird damit neu geöffnet.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>What reads the expressions. The present source is opened anew with it.</source>
        <translation>Was den Ausdruck liest. Die gezeigte Quelle wird damit neu geöffnet.</translation>
    </message>
    <message>
        <source>Explain a label</source>
        <translation>Ergebnis erklären</translation>
    </message>
    <message>
        <source>Grad-CAM loads Keras at the first explanation, which takes a while.</source>
        <translation>Für Grad-CAM wird bei der ersten Erklärung Keras geladen, was eine Weile dauert.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Reset to defaults</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>sheet</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Up and Down choose a face.
Shift and dragging on the bar make a loop; the wheel zooms.
Ctrl+1 to Ctrl+9 open a camera, Esc leaves full screen.
In a session, 1 to 8 correct a label and 0 says “not sure”.</source>
        <translation>Die Pfeiltasten auf und ab wählen ein Gesicht.
Umschalt und Ziehen auf der Leiste machen eine Schleife; das Mausrad vergrößert.
Strg+1 bis Strg+9 öffnen eine Kamera, Esc verlässt das Vollbild.
In einer Sitzung korrigieren 1 bis 8 ein Ergebnis, 0 heißt „unsicher“.</translation>
    </message>
</context>
<context>
    <name>side</name>
    <message>
        <source>Apparent expression, not a feeling.</source>
        <translation>Sichtbarer Ausdruck, kein Gefühl.</translation>
    </message>
    <message>
        <source>What a person says of the face</source>
        <translation>Was ein Mensch zu dem Gesicht sagt</translation>
    </message>
    <message>
        <source>People in the picture</source>
        <translation>Personen im Bild</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Noch kein Bild</translation>
    </message>
    <message>
        <source>Not read yet</source>
        <translation>Noch nicht gelesen</translation>
    </message>
    <message>
        <source>No face in the picture</source>
        <translation>Kein Gesicht im Bild</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>und {count} weitere</translation>
    </message>
</context>
<context>
    <name>timeline</name>
    <message>
        <source>Timeline</source>
        <translation>Zeitachse</translation>
    </message>
    <message>
        <source>Probabilities over time</source>
        <translation>Wahrscheinlichkeiten über die Zeit</translation>
    </message>
    <message>
        <source>No face</source>
        <translation>Kein Gesicht</translation>
    </message>
    <message>
        <source>Person #{id}</source>
        <translation>Person #{id}</translation>
    </message>
    <message>
        <source>Show or hide {label}</source>
        <translation>{label} zeigen oder verbergen</translation>
    </message>
    <message>
        <source>{time}   {label} {smooth}, raw {raw}</source>
        <translation>{time}   {label} {smooth}, roh {raw}</translation>
    </message>
</context>
<context>
    <name>transport</name>
    <message>
        <source>To the start</source>
        <translation>Zum Anfang</translation>
    </message>
    <message>
        <source>Previous frame</source>
        <translation>Voriges Bild</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Next frame</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>Zum Ende</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Length and frame</source>
        <translation>Länge und Bild</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>End the loop</source>
        <translation>Schleife beenden</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>Analyse</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>Pause (Leertaste)</translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation>Abspielen (Leertaste)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>end</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Loop {start} – {end}  ×</source>
        <translation>Schleife {start} – {end}  ×</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>von {count}</translation>
    </message>
    <message>
        <source>frame {number}</source>
        <translation>Bild {number}</translation>
    </message>
</context>
<context>
    <name>volume</name>
    <message>
        <source>Mute</source>
        <translation>Ton aus</translation>
    </message>
    <message>
        <source>Mute ({keys})</source>
        <translation>Ton aus ({keys})</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Lautstärke</translation>
    </message>
    <message>
        <source>Volume {value} %</source>
        <translation>Lautstärke {value} %</translation>
    </message>
</context>
<context>
    <name>welcome</name>
    <message>
        <source>What it estimates</source>
        <translation>Was es schätzt</translation>
    </message>
    <message>
        <source>Mimik finds faces and estimates how their expression would be named by people who look at the picture: happiness, sadness, anger and so on, each with a probability. Everything is computed on this computer.</source>
        <translation>Mimik findet Gesichter und schätzt, wie Menschen, die das Bild sehen, deren Ausdruck benennen würden: Freude, Trauer, Wut und so weiter, jeweils mit einer Wahrscheinlichkeit. Alles wird auf diesem Computer berechnet.</translation>
    </message>
    <message>
        <source>What it does not</source>
        <translation>Was es nicht weiß</translation>
    </message>
    <message>
        <source>It does not know what anybody feels, thinks or intends. It is often wrong: with faces turned away, dark, small or covered, with children and old people, and with faces unlike those it learned from.</source>
        <translation>Es weiß nicht, was jemand fühlt, denkt oder vorhat. Es irrt sich oft: bei abgewandten, dunklen, kleinen oder verdeckten Gesichtern, bei Kindern und alten Menschen und bei Gesichtern, die anders sind als die, an denen es gelernt hat.</translation>
    </message>
    <message>
        <source>What it must not be used for</source>
        <translation>Wofür man es nicht verwenden darf</translation>
    </message>
    <message>
        <source>Never decide about a person by it: not in hiring, teaching, policing, border control, medicine, insurance or credit. Do not watch people without their knowledge and consent. In the European Union, reading emotions at work and in schools is forbidden by law, save for medical and safety reasons.</source>
        <translation>Entscheiden Sie damit niemals über einen Menschen: nicht bei Einstellung, Unterricht, Polizeiarbeit, Grenzkontrolle, Medizin, Versicherung oder Kredit. Beobachten Sie niemanden ohne dessen Wissen und Zustimmung. In der Europäischen Union ist es gesetzlich verboten, am Arbeitsplatz und in Schulen Emotionen zu lesen, außer aus medizinischen Gründen oder Sicherheitsgründen.</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>Was aufbewahrt wird</translation>
    </message>
    <message>
        <source>Of films that you open, the readings are kept on this computer, so that opening them again is quick; the menu File deletes them. Nothing of a camera is kept unless you record it; the history deletes that.</source>
        <translation>Von Filmen, die Sie öffnen, werden die Messwerte auf diesem Computer aufbewahrt, damit sie beim nächsten Öffnen schnell da sind; das Menü Datei löscht sie. Von einer Kamera wird nichts aufbewahrt, außer Sie nehmen auf; der Verlauf löscht das.</translation>
    </message>
    <message>
        <source>What Mimik is for</source>
        <translation>Wofür Mimik da ist</translation>
    </message>
    <message>
        <source>Understood</source>
        <translation>Verstanden</translation>
    </message>
</context>
<context>
    <name>why</name>
    <message>
        <source>Close the explanation</source>
        <translation>Erklärung schließen</translation>
    </message>
    <message>
        <source>The face as the network reads it</source>
        <translation>Das Gesicht, wie das Netz es liest</translation>
    </message>
    <message>
        <source>Heat map of the face</source>
        <translation>Wärmebild des Gesichts</translation>
    </message>
    <message>
        <source>Why “{label}”?</source>
        <translation>Warum „{label}“?</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>Wird berechnet…</translation>
    </message>
    <message>
        <source>Person #{id}</source>
        <translation>Person #{id}</translation>
    </message>
    <message>
        <source>No single place of the face mattered for “{label}”.</source>
        <translation>Keine einzelne Stelle des Gesichts war für „{label}“ wichtig.</translation>
    </message>
    <message>
        <source>Warm places raised the network&apos;s score for “{label}” most (Grad-CAM). It shows what the network looked at, not what the person feels.</source>
        <translation>Warme Stellen haben die Bewertung des Netzes für „{label}“ am stärksten erhöht (Grad-CAM). Das zeigt, worauf das Netz geachtet hat, nicht, was die Person fühlt.</translation>
    </message>
    <message>
        <source>Covering the warm places lowers the probability of “{label}” most, by up to {points} points. It shows what the network looked at, not what the person feels.</source>
        <translation>Deckt man die warmen Stellen ab, sinkt die Wahrscheinlichkeit von „{label}“ am meisten, um bis zu {points} Punkte. Das zeigt, worauf das Netz geachtet hat, nicht, was die Person fühlt.</translation>
    </message>
    <message>
        <source>This moment alone reads as “{other}”; the label is smoothed over time.</source>
        <translation>Dieser Moment allein wird als „{other}“ gelesen; das Ergebnis ist über die Zeit geglättet.</translation>
    </message>
</context>
<context>
    <name>window</name>
    <message>
        <source>Starting…</source>
        <translation>Wird gestartet…</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>Demo clip</source>
        <translation>Democlip</translation>
    </message>
    <message>
        <source>Camera {number}</source>
        <translation>Kamera {number}</translation>
    </message>
    <message>
        <source>ddd d MMM yyyy, hh:mm</source>
        <translation>ddd, d. MMM yyyy, hh:mm</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
</context>
</TS>
