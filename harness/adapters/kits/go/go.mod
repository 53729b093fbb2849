module stconformkits

go 1.22
