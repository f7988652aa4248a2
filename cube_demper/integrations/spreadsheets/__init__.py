"""CSV and XLSX files: what people send is read as text cells, what we send cannot run in their Excel."""
