at look
rpm -qa --qf '@@pkg %{NAME} %{VERSION} %{RELEASE} %{INSTALLTIME}\n' @PATTERNS@
units
@URLS@
at end
