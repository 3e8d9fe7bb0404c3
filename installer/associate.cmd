@echo off
rem Puts Mimik into "Open with" of this user's Windows, or takes it out: associate.cmd /remove
set key=HKCU\Software\Classes\Applications\mimik.exe
if /i "%~1"=="/remove" (
    reg delete "%key%" /f
    exit /b
)
reg add "%key%\shell\open\command" /ve /d "\"%~dp0mimik.exe\" \"%%1\"" /f
for %%e in (mp4 m4v mov mkv webm avi mpg mpeg ts wmv jpg jpeg png webp bmp tif tiff gif heic avif jxl) do (
    reg add "%key%\SupportedTypes" /v .%%e /f
)
